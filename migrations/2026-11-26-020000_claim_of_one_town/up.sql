-- Why: the demo town is filled beside real towns by a runner that writes no mails and has a clock of its own. It claimed
-- every town's tasks, so a notice that a real town recorded meanwhile was never mailed. A claim can now be of one town.
-- The function of eight arguments stays for workers of the version before, which go on beside newer ones for a while.

SET LOCAL lock_timeout = '2s';

-- Takes up to `most` ready tasks, each under a lease number that this task never had before.
--
-- A lane is a priority and a town. The caller says which lanes it knows and up to which run_at it has emptied each (the
-- mark), so that the scan does not walk again over what is finished but still visible to an old snapshot. Lanes it does
-- not know are found by looking into the gaps between those it knows.
-- Of the priorities the one with the oldest head goes first, where each step down counts as five minutes more youth:
-- what waits long enough overtakes. Within a priority the towns share equally, beginning after `first_town`.
-- Priorities beyond `last_priority` are left alone, and so is every town but `only_town` where that is given (the lanes a
-- caller knows are then that town's). Tasks whose kind is paused or unknown are parked and returned without a lease.
-- `is_counted`: this claim was counted as an attempt.
CREATE FUNCTION claim_tasks(
    most integer, lease_seconds double precision, known_kinds text[],
    lane_priorities smallint[], lane_towns bigint[], lane_marks timestamptz[], first_town bigint,
    last_priority smallint, only_town bigint)
    RETURNS TABLE (task_id bigint, town bigint, task_kind text, task_priority smallint, task_attempt smallint,
        task_max_attempts smallint, task_lease bigint, task_payload jsonb, task_run_at timestamptz,
        task_gate text, claimed_at timestamptz, is_counted boolean)
    LANGUAGE plpgsql
    SET jit = off SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off
    SET enable_hashjoin = off SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    moment timestamptz := clock_timestamp();
    until timestamptz := moment + make_interval(secs => lease_seconds);
    some_paused boolean := EXISTS (SELECT FROM task_pauses);
    known integer := cardinality(lane_towns);
    before_towns bigint := COALESCE(only_town - 1, 0);
    behind_towns bigint := COALESCE(only_town + 1, 9223372036854775807);
    next_known integer := 1;
    prio smallint;
    after_town bigint;
    up_to bigint;
    found_town bigint;
    head timestamptz;
    priorities smallint[] := '{}';
    towns bigint[] := '{}';
    heads timestamptz[] := '{}';
    marks timestamptz[] := '{}';
    lanes integer[];
    open_lanes integer[];
    lane integer;
    remaining integer := most;
    quantum integer;
    got integer;
    lease_base bigint := (extract(epoch FROM clock_timestamp()) * 1000000)::bigint * 1024;
BEGIN
    -- A claim that a crash of the server forgets only repeats its tasks; nobody waits for the disk.
    PERFORM set_config('synchronous_commit', 'off', true);
    FOR prio IN 1..last_priority LOOP
        after_town := before_towns;
        LOOP
            IF next_known <= known AND lane_priorities[next_known] = prio THEN
                up_to := lane_towns[next_known];
            ELSE
                up_to := behind_towns;
            END IF;
            LOOP
                SELECT t.organization_id, t.run_at INTO found_town, head FROM tasks t
                WHERE t.state = 'ready' AND t.priority = prio
                    AND t.organization_id > after_town AND t.organization_id < up_to
                ORDER BY t.priority, t.organization_id, t.run_at, t.id LIMIT 1;
                EXIT WHEN NOT FOUND;
                priorities := priorities || prio;
                towns := towns || found_town;
                heads := heads || head;
                marks := marks || '-infinity'::timestamptz;
                after_town := found_town;
            END LOOP;
            EXIT WHEN up_to = behind_towns;
            SELECT t.run_at INTO head FROM tasks t
            WHERE t.state = 'ready' AND t.priority = prio AND t.organization_id = up_to
                AND t.run_at >= lane_marks[next_known]
            ORDER BY t.priority, t.organization_id, t.run_at, t.id LIMIT 1;
            IF FOUND THEN
                priorities := priorities || prio;
                towns := towns || up_to;
                heads := heads || head;
                marks := marks || lane_marks[next_known];
            END IF;
            after_town := up_to;
            next_known := next_known + 1;
        END LOOP;
    END LOOP;

    FOR lanes IN
        SELECT array_agg(l.ordinal ORDER BY l.town <= first_town, l.town) FROM (
            SELECT p.p, p.ordinal::integer, towns[p.ordinal] AS town, heads[p.ordinal] AS head
            FROM unnest(priorities) WITH ORDINALITY AS p (p, ordinal)) l
        GROUP BY l.p ORDER BY min(l.head) + (l.p - 1) * interval '5 minutes'
    LOOP
        WHILE remaining > 0 AND cardinality(lanes) > 0 LOOP
            quantum := greatest(1, remaining / cardinality(lanes));
            open_lanes := '{}';
            FOREACH lane IN ARRAY lanes LOOP
                EXIT WHEN remaining = 0;
                quantum := least(quantum, remaining);
                RETURN QUERY
                WITH next AS MATERIALIZED (
                    SELECT t.id, t.kind = ANY (known_kinds) AND NOT (some_paused AND EXISTS (
                        SELECT FROM task_pauses p
                        WHERE p.organization_id = t.organization_id AND p.kind = t.kind)) AS runs
                    FROM tasks t
                    WHERE t.state = 'ready' AND t.priority = priorities[lane]
                        AND t.organization_id = towns[lane] AND t.run_at >= marks[lane]
                    ORDER BY t.priority, t.organization_id, t.run_at, t.id LIMIT quantum
                    FOR UPDATE OF t SKIP LOCKED)
                UPDATE tasks t SET
                    state = CASE WHEN next.runs THEN 'running' ELSE 'parked' END,
                    attempt = t.attempt + next.runs::integer,
                    lease = CASE WHEN next.runs THEN lease_base + nextval('task_leases') % 1024 END,
                    lease_until = CASE WHEN next.runs THEN until END
                FROM next WHERE t.id = next.id
                RETURNING t.id, t.organization_id, t.kind, t.priority, t.attempt, t.max_attempts, t.lease,
                    COALESCE(t.payload, (SELECT p.payload FROM task_payloads p
                        WHERE p.organization_id = t.organization_id AND p.task_id = t.id)),
                    t.run_at, t.gate, moment, next.runs;
                GET DIAGNOSTICS got = ROW_COUNT;
                remaining := remaining - got;
                IF got = quantum THEN
                    open_lanes := open_lanes || lane;
                END IF;
            END LOOP;
            lanes := open_lanes;
        END LOOP;
        EXIT WHEN remaining = 0;
    END LOOP;
END $$;
