SET LOCAL lock_timeout = '2s';

CREATE OR REPLACE FUNCTION admit_tasks(
    limited_kinds text[], at_once integer[], every_seconds double precision[], bursts integer[]) RETURNS integer
    LANGUAGE plpgsql SET jit = off SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
    door record;
    places integer;
    passes integer;
    moment timestamptz;
    pass_every interval;
    next_pass timestamptz;
    got integer;
    admitted integer := 0;
BEGIN
    FOR door IN
        SELECT g.kind, g.gate, l.at_once, l.every_seconds, l.burst
        FROM (SELECT t.kind, t.gate FROM tasks t WHERE t.state = 'gated' GROUP BY t.kind, t.gate) g
        JOIN unnest(limited_kinds, at_once, every_seconds, bursts) AS l (kind, at_once, every_seconds, burst)
            ON l.kind = g.kind
        WHERE l.at_once IS NULL OR l.at_once > (
            SELECT count(*) FROM tasks a
            WHERE a.kind = g.kind AND a.gate = g.gate AND a.gate IS NOT NULL AND a.state IN ('ready', 'running'))
    LOOP
        CONTINUE WHEN NOT pg_try_advisory_xact_lock(hashtextextended('yui gate ' || door.kind || ' ' || door.gate, 0));
        moment := clock_timestamp();
        places := 1000;
        IF door.at_once IS NOT NULL THEN
            SELECT door.at_once - count(*) INTO places FROM tasks a
            WHERE a.kind = door.kind AND a.gate = door.gate AND a.gate IS NOT NULL AND a.state IN ('ready', 'running');
        END IF;
        IF door.every_seconds IS NOT NULL THEN
            pass_every := make_interval(secs => door.every_seconds);
            SELECT greatest(g.next_at, moment - (door.burst - 1) * pass_every) INTO next_pass
            FROM task_gates g WHERE g.kind = door.kind AND g.gate = door.gate;
            next_pass := COALESCE(next_pass, moment - (door.burst - 1) * pass_every);
            passes := CASE WHEN next_pass > moment THEN 0
                ELSE 1 + floor(extract(epoch FROM moment - next_pass) / door.every_seconds)::integer END;
            places := least(places, passes);
        END IF;
        CONTINUE WHEN places <= 0;
        UPDATE tasks t SET state = 'ready', run_at = moment WHERE t.id IN (
            SELECT n.id FROM tasks n WHERE n.state = 'gated' AND n.kind = door.kind AND n.gate = door.gate
            ORDER BY n.run_at, n.id LIMIT places FOR UPDATE SKIP LOCKED);
        GET DIAGNOSTICS got = ROW_COUNT;
        admitted := admitted + got;
        IF door.every_seconds IS NOT NULL AND got > 0 THEN
            INSERT INTO task_gates (kind, gate, next_at) VALUES (door.kind, door.gate, next_pass + got * pass_every)
            ON CONFLICT (kind, gate) DO UPDATE SET next_at = EXCLUDED.next_at;
        END IF;
    END LOOP;
    RETURN admitted;
END $$;

CREATE OR REPLACE FUNCTION tend_tasks(known_kinds text[], with_due boolean)
    RETURNS TABLE (moved integer, gated boolean, next_due_seconds double precision, moment timestamptz)
    LANGUAGE plpgsql
    SET jit = off SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
    got integer;
BEGIN
    moved := 0;
    moment := clock_timestamp();
    UPDATE tasks t SET state = CASE WHEN t.gate IS NULL THEN 'ready' ELSE 'gated' END, run_at = moment
    WHERE with_due AND t.id IN (SELECT n.id FROM tasks n WHERE n.state = 'scheduled' AND n.run_at <= moment
        ORDER BY n.run_at LIMIT 1000 FOR UPDATE SKIP LOCKED);
    GET DIAGNOSTICS got = ROW_COUNT;
    moved := moved + got;
    UPDATE tasks t SET state = CASE WHEN t.gate IS NULL THEN 'ready' ELSE 'gated' END
    WHERE t.id IN (SELECT n.id FROM tasks n WHERE n.state = 'parked' AND n.kind = ANY (known_kinds)
        AND NOT EXISTS (SELECT FROM task_pauses p WHERE p.organization_id = n.organization_id AND p.kind = n.kind)
        LIMIT 1000 FOR UPDATE SKIP LOCKED);
    GET DIAGNOSTICS got = ROW_COUNT;
    moved := moved + got;
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

DROP INDEX tasks_parked;
CREATE INDEX tasks_parked ON tasks (kind, id) WHERE state = 'parked';
