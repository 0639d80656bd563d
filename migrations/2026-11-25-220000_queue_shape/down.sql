DROP FUNCTION tick_schedule(text, timestamptz, bigint[], text[], text, smallint, smallint, jsonb);
DROP FUNCTION tend_tasks(text[], boolean);
DROP FUNCTION admit_tasks(text[], integer[], double precision[], integer[]);
DROP FUNCTION rescue_tasks();
DROP FUNCTION prolong_tasks(bigint[], bigint[], double precision);
DROP FUNCTION settle_tasks(bigint[], bigint[], text[], double precision[], smallint[], text[], text[]);
DROP FUNCTION finish_tasks(bigint[], bigint[]);
DROP FUNCTION claim_tasks(integer, double precision, text[], smallint[], bigint[], timestamptz[], bigint, smallint);
DROP FUNCTION keep_task_history(integer);

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
INSERT INTO finished_tasks (organization_id, id, kind, attempt, finished_at)
    SELECT DISTINCT ON (organization_id, id) organization_id, id, kind, attempt, finished_at FROM task_history
    WHERE outcome = 'done' ORDER BY organization_id, id, finished_at DESC;

DROP TABLE schedule_ticks;
DROP TABLE schedules;
DROP TABLE task_gates;
DROP TABLE task_batches;
DROP TABLE task_pauses;
DROP TABLE task_progress;
DROP TABLE task_history;
ALTER TABLE task_failures DROP COLUMN cause;

UPDATE tasks t SET payload = p.payload FROM task_payloads p
    WHERE p.organization_id = t.organization_id AND p.task_id = t.id AND t.payload IS NULL;
DROP TABLE task_payloads;
DROP INDEX tasks_of_batch;
DROP INDEX tasks_parked;
DROP INDEX tasks_admitted;
DROP INDEX tasks_gated;
DROP INDEX tasks_running;
DROP INDEX tasks_claim;
UPDATE tasks SET state = 'ready' WHERE state IN ('gated', 'parked');
ALTER TABLE tasks DROP COLUMN cause, DROP COLUMN batch_id, DROP COLUMN gate;
ALTER TABLE tasks ALTER COLUMN payload SET NOT NULL;
ALTER TABLE tasks DROP CONSTRAINT tasks_state_check;
ALTER TABLE tasks ADD CONSTRAINT tasks_state_check CHECK (state IN ('ready', 'scheduled', 'running', 'dead'));
ALTER SEQUENCE task_leases CACHE 1;
CREATE INDEX tasks_claim ON tasks (priority, run_at, id) WHERE state = 'ready';
CREATE INDEX tasks_lease ON tasks (lease_until) WHERE state = 'running';
