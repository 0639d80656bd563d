-- Why: business facts (events) and background machine work (tasks), written in the caller's transaction.
-- Shape and indexes: narrow hot table, partial indexes per state, no foreign key, delete on finish.

SET LOCAL lock_timeout = '2s';

CREATE TABLE events (
    organization_id bigint NOT NULL REFERENCES organizations (id),
    id bigint GENERATED ALWAYS AS IDENTITY,
    kind text NOT NULL,
    payload jsonb NOT NULL,
    actor text NOT NULL,
    occurred_at timestamptz NOT NULL,
    PRIMARY KEY (organization_id, id)
);
CREATE INDEX events_by_kind ON events (organization_id, kind, id);
SELECT protect_append_only('events');
GRANT SELECT ON events TO yui_queue;
CREATE POLICY every_town ON events FOR SELECT TO yui_queue USING (true);

CREATE SEQUENCE task_leases;
GRANT USAGE ON SEQUENCE task_leases TO yui_queue, yui_app;

CREATE TABLE tasks (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organization_id bigint NOT NULL,
    kind text NOT NULL,
    priority smallint NOT NULL DEFAULT 2 CHECK (priority BETWEEN 1 AND 4),
    state text NOT NULL DEFAULT 'ready' CHECK (state IN ('ready', 'scheduled', 'running', 'dead')),
    run_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    attempt smallint NOT NULL DEFAULT 0,
    max_attempts smallint NOT NULL,
    lease bigint,
    lease_until timestamptz,
    unique_key text,
    payload jsonb NOT NULL,
    CHECK ((state = 'running') = (lease IS NOT NULL)),
    CHECK ((state = 'running') = (lease_until IS NOT NULL))
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_cost_delay = 0);
CREATE INDEX tasks_claim ON tasks (priority, run_at, id) WHERE state = 'ready';
CREATE INDEX tasks_due ON tasks (run_at) WHERE state = 'scheduled';
CREATE INDEX tasks_lease ON tasks (lease_until) WHERE state = 'running';
CREATE INDEX tasks_dead ON tasks (organization_id, id) WHERE state = 'dead';
CREATE UNIQUE INDEX tasks_unique ON tasks (organization_id, kind, unique_key) WHERE unique_key IS NOT NULL;
SELECT protect('tasks');
GRANT SELECT, INSERT, UPDATE, DELETE ON tasks TO yui_queue;
CREATE POLICY every_town ON tasks TO yui_queue USING (true);

-- What went wrong, attempt by attempt; kept out of the hot row.
CREATE TABLE task_failures (
    organization_id bigint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    task_id bigint NOT NULL,
    attempt smallint NOT NULL,
    error text NOT NULL,
    failed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (organization_id, id)
);
CREATE INDEX task_failures_of_task ON task_failures (organization_id, task_id, id);
SELECT protect('task_failures');
GRANT SELECT, INSERT, DELETE ON task_failures TO yui_queue;
CREATE POLICY every_town ON task_failures TO yui_queue USING (true);

CREATE TABLE finished_tasks (
    organization_id bigint NOT NULL,
    id bigint NOT NULL,
    kind text NOT NULL,
    attempt smallint NOT NULL,
    finished_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (organization_id, id)
);
CREATE INDEX finished_tasks_age ON finished_tasks (finished_at);
SELECT protect('finished_tasks');
GRANT SELECT, INSERT, DELETE ON finished_tasks TO yui_queue;
CREATE POLICY every_town ON finished_tasks TO yui_queue USING (true);
