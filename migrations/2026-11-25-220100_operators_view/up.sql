-- Why: operators ask what waits while a million tasks do. Every count stops at a bound, and what waits aside is found by
-- its town.

SET LOCAL lock_timeout = '2s';

-- Neither ready nor running: these change seldom, so the hot path pays nothing for one more index.
CREATE INDEX tasks_aside ON tasks (organization_id, state, kind) WHERE state IN ('gated', 'scheduled', 'parked');

ALTER TABLE task_pauses ADD CONSTRAINT task_pauses_kind_check CHECK (length(kind) BETWEEN 1 AND 200);

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
