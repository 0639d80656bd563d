-- Why: a heartbeat and the writing of ends met the same rows in different orders and could wait for each other (40P01); a
-- whole round of heartbeats was lost with it. Whatever locks many tasks and waits for them now does so in the order of
-- their ids. The sorted list is the outer side of a nested loop (the functions' settings leave no other join), so the rows
-- are met in its order; a FOR UPDATE before each would lock every row twice.

SET LOCAL lock_timeout = '2s';

-- Ends tasks; returns those whose lease was still good. No condition on `state`: it would tempt the planner onto the
-- small index of running tasks and a quadratic join.
CREATE OR REPLACE FUNCTION finish_tasks(ids bigint[], leases bigint[]) RETURNS bigint[]
    LANGUAGE plpgsql
    SET jit = off SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off
    SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    ended bigint[];
    large bigint[];
    large_towns bigint[];
BEGIN
    WITH done AS (
        DELETE FROM tasks t USING (SELECT * FROM unnest(ids, leases) AS e (id, lease) ORDER BY e.id) e
        WHERE t.id = e.id AND t.lease = e.lease
        RETURNING t.id, t.organization_id, t.kind, t.attempt, t.payload IS NULL AS is_large),
    kept AS (
        INSERT INTO task_history (organization_id, id, kind, attempt, outcome)
        SELECT organization_id, id, kind, attempt, 'done' FROM done)
    SELECT array_agg(id), array_agg(id) FILTER (WHERE is_large), array_agg(organization_id) FILTER (WHERE is_large)
    INTO ended, large, large_towns FROM done;
    IF large IS NOT NULL THEN
        DELETE FROM task_payloads WHERE organization_id = ANY (large_towns) AND task_id = ANY (large);
    END IF;
    RETURN COALESCE(ended, '{}');
END $$;

-- Gives tasks back by their fate; returns those whose lease was still good. `refunds` is what an attempt that does not
-- count (snooze, shutdown) is worth; no error means that there is nothing to record.
CREATE OR REPLACE FUNCTION settle_tasks(
    ids bigint[], leases bigint[], states text[], waits double precision[], refunds smallint[],
    errors text[], causes text[]) RETURNS bigint[]
    LANGUAGE plpgsql
    SET jit = off SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off
    SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    settled bigint[];
BEGIN
    WITH back AS (
        UPDATE tasks t SET
            state = e.state,
            run_at = CASE WHEN e.wait IS NULL THEN t.run_at ELSE clock_timestamp() + make_interval(secs => e.wait) END,
            attempt = t.attempt - e.refund, lease = NULL, lease_until = NULL,
            cause = CASE WHEN e.state = 'dead' THEN e.cause END
        FROM (SELECT * FROM unnest(ids, leases, states, waits, refunds, errors, causes)
            AS e (id, lease, state, wait, refund, error, cause) ORDER BY e.id) e
        WHERE t.id = e.id AND t.lease = e.lease
        RETURNING t.id, t.organization_id, t.attempt, e.error, e.cause),
    told AS (
        INSERT INTO task_failures (organization_id, task_id, attempt, error, cause)
        SELECT organization_id, id, attempt, error, COALESCE(cause, '') FROM back WHERE error IS NOT NULL)
    SELECT array_agg(id) INTO settled FROM back;
    RETURN COALESCE(settled, '{}');
END $$;

-- Prolongs leases; returns those that could be prolonged: a task that is missing is no longer the caller's.
CREATE OR REPLACE FUNCTION prolong_tasks(ids bigint[], leases bigint[], lease_seconds double precision) RETURNS bigint[]
    LANGUAGE plpgsql
    SET jit = off SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off
    SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    held bigint[];
BEGIN
    PERFORM set_config('synchronous_commit', 'off', true);
    WITH kept AS (
        UPDATE tasks t SET lease_until = clock_timestamp() + make_interval(secs => lease_seconds)
        FROM (SELECT * FROM unnest(ids, leases) AS e (id, lease) ORDER BY e.id) e
        WHERE t.id = e.id AND t.lease = e.lease RETURNING t.id)
    SELECT array_agg(id) INTO held FROM kept;
    RETURN COALESCE(held, '{}');
END $$;
