-- Why: back to decisions that only the tasks themselves show, and to depths without an age.

SET LOCAL lock_timeout = '2s';

DROP TABLE task_decisions;
DROP FUNCTION task_depths(integer);
-- How many tasks of the scope's town are of which kind and in which state. Of each state no more than `most` are counted,
-- those that are claimed next first; `more` says that there may be others.
CREATE FUNCTION task_depths(most integer)
    RETURNS TABLE (task_kind text, task_state text, counted bigint, more boolean)
    LANGUAGE sql STABLE SET jit = off SET enable_seqscan = off SET enable_bitmapscan = off AS $$
    WITH seen AS (
        (SELECT 'ready' AS state, head.kind FROM generate_series(1, 4) AS p (priority) CROSS JOIN LATERAL (
            SELECT t.kind FROM tasks t WHERE t.state = 'ready' AND t.priority = p.priority
                AND t.organization_id = current_organization()
            ORDER BY t.priority, t.organization_id, t.run_at, t.id LIMIT most) head
        LIMIT most)
        UNION ALL
        SELECT aside.state, aside.kind FROM unnest('{gated,scheduled,parked}'::text[]) AS s (state) CROSS JOIN LATERAL (
            SELECT t.state, t.kind FROM tasks t WHERE t.state IN ('gated', 'scheduled', 'parked') AND t.state = s.state
                AND t.organization_id = current_organization() LIMIT most) aside
        UNION ALL
        (SELECT t.state, t.kind FROM tasks t WHERE t.state = 'running' AND t.organization_id = current_organization()
        LIMIT most)
        UNION ALL
        (SELECT t.state, t.kind FROM tasks t WHERE t.state = 'dead' AND t.organization_id = current_organization()
        LIMIT most))
    SELECT kind, state, count(*), sum(count(*)) OVER (PARTITION BY state) >= most
    FROM seen GROUP BY kind, state ORDER BY kind, state
$$;
