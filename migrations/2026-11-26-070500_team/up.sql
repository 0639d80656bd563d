-- Why: how the team sells, who covers what and with how many hours was known to those who were there when it was said.

SET LOCAL lock_timeout = '2s';

-- The sales policy (営業方針): each version stays, the newest holds.
CREATE TABLE team_policies (
    organization_id bigint NOT NULL REFERENCES organizations (id),
    id bigint GENERATED ALWAYS AS IDENTITY,
    number integer NOT NULL CHECK (number > 0),
    body text NOT NULL CHECK (char_length(body) BETWEEN 1 AND 10000),
    person_id bigint NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, person_id) REFERENCES persons (organization_id, id),
    UNIQUE (organization_id, number)
);
CREATE INDEX team_policies_person ON team_policies (organization_id, person_id);
SELECT protect_append_only('team_policies');

-- What somebody covers (体制) and how many minutes a week they have for selling (リソース).
CREATE TABLE team_places (
    organization_id bigint NOT NULL,
    person_id bigint NOT NULL,
    area text NOT NULL CHECK (char_length(area) <= 500),
    weekly_minutes integer NOT NULL CHECK (weekly_minutes BETWEEN 0 AND 10080),
    changed_at timestamptz NOT NULL,
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (organization_id, person_id),
    FOREIGN KEY (organization_id, person_id) REFERENCES persons (organization_id, id)
);
SELECT protect('team_places');
SELECT audited('team_places', 'person_id', 'weekly_minutes');
