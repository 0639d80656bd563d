-- Why: what operators do to tasks stays on record with who did it, and depths say how long the oldest task has been due.

SET LOCAL lock_timeout = '2s';

-- What a person decided about tasks: one row per decision, however many tasks it moved.
CREATE TABLE task_decisions (
    organization_id bigint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    decided_at timestamptz NOT NULL,
    actor text NOT NULL,
    deed text NOT NULL CHECK (deed IN ('retried', 'redriven', 'discarded', 'cancelled', 'paused', 'resumed')),
    kind text NOT NULL CHECK (length(kind) BETWEEN 1 AND 200),
    -- The one task, where it was one.
    task_id bigint,
    -- How many tasks were moved; a pause moves none by itself.
    tasks bigint NOT NULL CHECK (tasks >= 0),
    PRIMARY KEY (organization_id, id),
    CHECK ((task_id IS NULL) = (deed IN ('redriven', 'paused', 'resumed')))
);
SELECT protect_append_only('task_decisions');
SELECT audited('task_decisions', 'deed', 'kind', 'task_id', 'tasks');

DROP FUNCTION task_depths(integer);
-- How many tasks of the scope's town are of which kind and in which state, and since when the oldest of those counted has
-- been due. Of each state no more than `most` are counted, those that are claimed next first; `more` says that there may be
-- others.
CREATE FUNCTION task_depths(most integer)
    RETURNS TABLE (task_kind text, task_state text, counted bigint, more boolean, oldest timestamptz)
    LANGUAGE sql STABLE SET jit = off SET enable_seqscan = off SET enable_bitmapscan = off AS $$
    WITH seen AS (
        (SELECT 'ready' AS state, head.kind, head.run_at FROM generate_series(1, 4) AS p (priority) CROSS JOIN LATERAL (
            SELECT t.kind, t.run_at FROM tasks t WHERE t.state = 'ready' AND t.priority = p.priority
                AND t.organization_id = current_organization()
            ORDER BY t.priority, t.organization_id, t.run_at, t.id LIMIT most) head
        LIMIT most)
        UNION ALL
        SELECT aside.state, aside.kind, aside.run_at
        FROM unnest('{gated,scheduled,parked}'::text[]) AS s (state) CROSS JOIN LATERAL (
            SELECT t.state, t.kind, t.run_at FROM tasks t
            WHERE t.state IN ('gated', 'scheduled', 'parked') AND t.state = s.state
                AND t.organization_id = current_organization() LIMIT most) aside
        UNION ALL
        (SELECT t.state, t.kind, t.run_at FROM tasks t WHERE t.state = 'running'
            AND t.organization_id = current_organization() LIMIT most)
        UNION ALL
        (SELECT t.state, t.kind, t.run_at FROM tasks t WHERE t.state = 'dead'
            AND t.organization_id = current_organization() LIMIT most))
    SELECT kind, state, count(*), sum(count(*)) OVER (PARTITION BY state) >= most, min(run_at)
    FROM seen GROUP BY kind, state ORDER BY kind, state
$$;
