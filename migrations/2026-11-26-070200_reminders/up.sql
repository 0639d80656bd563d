-- Why: a morning's mail about what is due must come once per person and day, however often its task runs.

SET LOCAL lock_timeout = '2s';

CREATE TABLE day_reminders (
    organization_id bigint NOT NULL,
    person_id bigint NOT NULL,
    day date NOT NULL,
    reminded_at timestamptz NOT NULL,
    PRIMARY KEY (organization_id, person_id, day),
    FOREIGN KEY (organization_id, person_id) REFERENCES persons (organization_id, id)
);
SELECT protect_append_only('day_reminders');
