-- Why: two rounds that every worker makes once a second, and after each end of a gated task, walked whole backlogs: all
-- gated tasks to find their gates, and all parked tasks of a paused kind. They now go from gate to gate, and from kind to
-- kind, along an index.

SET LOCAL lock_timeout = '2s';

DROP INDEX tasks_parked;
CREATE INDEX tasks_parked ON tasks (kind, organization_id, id) WHERE state = 'parked';

-- Lets gated tasks through as far as their kind's limits allow, at most 1000 in a round. From gate to gate along the index:
-- however many tasks wait before one, only its next ones are looked at. A gate's places are counted from the rows and not
-- kept in a counter, so that no crash can lose one; the advisory lock lets one worker at a time count a gate.
CREATE OR REPLACE FUNCTION admit_tasks(
    limited_kinds text[], at_once integer[], every_seconds double precision[], bursts integer[]) RETURNS integer
    LANGUAGE plpgsql SET jit = off SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off
    SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
    door record;
    door_gate text;
    places integer;
    passes integer;
    moment timestamptz;
    pass_every interval;
    next_pass timestamptz;
    got integer;
    admitted integer := 0;
BEGIN
    FOR door IN SELECT * FROM unnest(limited_kinds, at_once, every_seconds, bursts) AS l (kind, at_once, every_seconds, burst)
    LOOP
        door_gate := '';
        WHILE admitted < 1000 LOOP
            SELECT t.gate INTO door_gate FROM tasks t
            WHERE t.state = 'gated' AND t.kind = door.kind AND t.gate > door_gate
            ORDER BY t.kind, t.gate, t.run_at, t.id LIMIT 1;
            EXIT WHEN NOT FOUND;
            CONTINUE WHEN door.at_once <= (
                SELECT count(*) FROM tasks a
                WHERE a.kind = door.kind AND a.gate = door_gate AND a.gate IS NOT NULL AND a.state IN ('ready', 'running'));
            CONTINUE WHEN NOT pg_try_advisory_xact_lock(hashtextextended('yui gate ' || door.kind || ' ' || door_gate, 0));
            moment := clock_timestamp();
            places := 1000 - admitted;
            IF door.at_once IS NOT NULL THEN
                SELECT least(places, door.at_once - count(*)) INTO places FROM tasks a
                WHERE a.kind = door.kind AND a.gate = door_gate AND a.gate IS NOT NULL AND a.state IN ('ready', 'running');
            END IF;
            IF door.every_seconds IS NOT NULL THEN
                pass_every := make_interval(secs => door.every_seconds);
                SELECT greatest(g.next_at, moment - (door.burst - 1) * pass_every) INTO next_pass
                FROM task_gates g WHERE g.kind = door.kind AND g.gate = door_gate;
                next_pass := COALESCE(next_pass, moment - (door.burst - 1) * pass_every);
                passes := CASE WHEN next_pass > moment THEN 0
                    ELSE 1 + floor(extract(epoch FROM moment - next_pass) / door.every_seconds)::integer END;
                places := least(places, passes);
            END IF;
            CONTINUE WHEN places <= 0;
            UPDATE tasks t SET state = 'ready', run_at = moment WHERE t.id IN (
                SELECT n.id FROM tasks n WHERE n.state = 'gated' AND n.kind = door.kind AND n.gate = door_gate
                ORDER BY n.kind, n.gate, n.run_at, n.id LIMIT places FOR UPDATE SKIP LOCKED);
            GET DIAGNOSTICS got = ROW_COUNT;
            admitted := admitted + got;
            IF door.every_seconds IS NOT NULL AND got > 0 THEN
                INSERT INTO task_gates (kind, gate, next_at) VALUES (door.kind, door_gate, next_pass + got * pass_every)
                ON CONFLICT (kind, gate) DO UPDATE SET next_at = EXCLUDED.next_at;
            END IF;
        END LOOP;
    END LOOP;
    RETURN admitted;
END $$;

-- The rounds of a worker that nothing has called: makes due tasks ready, brings parked tasks of known kinds back once
-- they are no longer paused, and starts the callbacks of batches whose last task has ended. Says how many tasks it
-- moved and how many seconds the next scheduled one is away.
CREATE OR REPLACE FUNCTION tend_tasks(known_kinds text[], with_due boolean)
    RETURNS TABLE (moved integer, gated boolean, next_due_seconds double precision, moment timestamptz)
    LANGUAGE plpgsql
    SET jit = off SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
    got integer;
    aside_kind text := '';
    aside_town bigint := 0;
BEGIN
    moved := 0;
    moment := clock_timestamp();
    UPDATE tasks t SET state = CASE WHEN t.gate IS NULL THEN 'ready' ELSE 'gated' END, run_at = moment
    WHERE with_due AND t.id IN (SELECT n.id FROM tasks n WHERE n.state = 'scheduled' AND n.run_at <= moment
        ORDER BY n.run_at LIMIT 1000 FOR UPDATE SKIP LOCKED);
    GET DIAGNOSTICS got = ROW_COUNT;
    moved := moved + got;
    -- From kind to kind and town to town along the index: what a pause holds back is passed in one step.
    LOOP
        SELECT t.kind, t.organization_id INTO aside_kind, aside_town FROM tasks t
        WHERE t.state = 'parked' AND (t.kind, t.organization_id) > (aside_kind, aside_town)
        ORDER BY t.kind, t.organization_id, t.id LIMIT 1;
        EXIT WHEN NOT FOUND;
        CONTINUE WHEN aside_kind <> ALL (known_kinds) OR EXISTS (
            SELECT FROM task_pauses p WHERE p.organization_id = aside_town AND p.kind = aside_kind);
        UPDATE tasks t SET state = CASE WHEN t.gate IS NULL THEN 'ready' ELSE 'gated' END
        WHERE t.id IN (SELECT n.id FROM tasks n
            WHERE n.state = 'parked' AND n.kind = aside_kind AND n.organization_id = aside_town
            ORDER BY n.kind, n.organization_id, n.id LIMIT 1000 FOR UPDATE SKIP LOCKED);
        GET DIAGNOSTICS got = ROW_COUNT;
        moved := moved + got;
    END LOOP;
    WITH ended AS (
        UPDATE task_batches b SET ended_at = clock_timestamp() WHERE b.ended_at IS NULL
        AND NOT EXISTS (SELECT FROM tasks t WHERE t.batch_id = b.id AND t.state <> 'dead')
        RETURNING b.*)
    INSERT INTO tasks (organization_id, kind, priority, max_attempts, state, gate, payload)
    SELECT organization_id, callback_kind, callback_priority, callback_attempts,
        CASE WHEN callback_gate IS NULL THEN 'ready' ELSE 'gated' END, callback_gate, callback_payload FROM ended;
    GET DIAGNOSTICS got = ROW_COUNT;
    moved := moved + got;
    gated := EXISTS (SELECT FROM tasks t WHERE t.state = 'gated');
    SELECT extract(epoch FROM min(t.run_at) - clock_timestamp())::double precision INTO next_due_seconds
    FROM tasks t WHERE t.state = 'scheduled';
    RETURN NEXT;
END $$;
