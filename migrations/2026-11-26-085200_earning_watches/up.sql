-- Why: whoever is somebody's dependant counts their year's earnings against a limit that only they know; now they can enter it, and nobody else sees it.

SET LOCAL lock_timeout = '2s';

CREATE TABLE earning_watches (
    organization_id bigint NOT NULL,
    person_id bigint NOT NULL,
    -- What they do not want to earn more than in a calendar year, before tax; none while they do not want to see it.
    yearly_limit bigint CHECK (yearly_limit BETWEEN 1 AND 100000000),
    set_at timestamptz NOT NULL,
    PRIMARY KEY (organization_id, person_id),
    FOREIGN KEY (organization_id, person_id) REFERENCES persons (organization_id, id)
);
SELECT protect('earning_watches');
