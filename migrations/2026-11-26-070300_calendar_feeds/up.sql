-- Why: who lives by the calendar on their phone misses what stands in Yui alone; a secret address lets the calendar read it.

SET LOCAL lock_timeout = '2s';

CREATE TABLE calendar_feeds (
    organization_id bigint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    person_id bigint NOT NULL,
    -- SHA-256 of the address's secret, which nobody can read back.
    secret_hash bytea NOT NULL,
    created_at timestamptz NOT NULL,
    ended_at timestamptz,
    read_at timestamptz,
    -- Reads since a moment: who asks without pause waits.
    reads integer NOT NULL DEFAULT 0 CHECK (reads >= 0),
    reads_since timestamptz,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, person_id) REFERENCES persons (organization_id, id),
    UNIQUE (organization_id, secret_hash)
);
CREATE UNIQUE INDEX calendar_feeds_one ON calendar_feeds (organization_id, person_id) WHERE ended_at IS NULL;
CREATE INDEX calendar_feeds_person ON calendar_feeds (organization_id, person_id, id);
SELECT protect('calendar_feeds');
REVOKE DELETE ON calendar_feeds FROM yui_app;
