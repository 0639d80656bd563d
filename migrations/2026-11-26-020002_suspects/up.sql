-- Why: a task that kills its worker took its neighbours with it. A claim counts as an attempt of everything it puts in
-- line, and what waited behind the poison came back with it, at once, until all of them were dead that had never begun.
-- Now the first time a worker stops answering costs an attempt, because nobody knows what had begun, and kills nothing. From
-- then on the task is a suspect: it comes back after a wait of its own, and its attempts are counted one by one as they begin.

SET LOCAL lock_timeout = '2s';

ALTER TABLE tasks ADD COLUMN rescued smallint NOT NULL DEFAULT 0;
COMMENT ON COLUMN tasks.rescued IS 'How often its worker stopped answering; more than 0: a suspect.';

-- Takes up to `most` ready tasks, each under a lease number that this task never had before.
--
-- A lane is a priority and a town. The caller says which lanes it knows and up to which run_at it has emptied each (the
-- mark), so that the scan does not walk again over what is finished but still visible to an old snapshot. Lanes it does
-- not know are found by looking into the gaps between those it knows.
-- Of the priorities the one with the oldest head goes first, where each step down counts as five minutes more youth:
-- what waits long enough overtakes. Within a priority the towns share equally, beginning after `first_town`.
-- Priorities beyond `last_priority` are left alone, and so is every town but `only_town` where that is given (the lanes a
-- caller knows are then that town's). Tasks whose kind is paused or unknown are parked and returned without a lease.
-- `is_counted`: this claim was counted as an attempt. That of a suspect is not; begin_task counts.
CREATE OR REPLACE FUNCTION claim_tasks(
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
                    attempt = t.attempt + (next.runs AND t.rescued = 0)::integer,
                    lease = CASE WHEN next.runs THEN lease_base + nextval('task_leases') % 1024 END,
                    lease_until = CASE WHEN next.runs THEN until END
                FROM next WHERE t.id = next.id
                RETURNING t.id, t.organization_id, t.kind, t.priority, t.attempt, t.max_attempts, t.lease,
                    COALESCE(t.payload, (SELECT p.payload FROM task_payloads p
                        WHERE p.organization_id = t.organization_id AND p.task_id = t.id)),
                    t.run_at, t.gate, moment, next.runs AND t.rescued = 0;
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

-- Gives tasks back by their fate; returns those whose lease was still good. `refunds` is what an attempt that does not
-- count (snooze, shutdown) is worth; a suspect that is given back unbegun was never counted. No error means that there is nothing to record.
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
            attempt = t.attempt - CASE WHEN e.state = 'ready' AND t.rescued > 0 THEN 0 ELSE e.refund END, lease = NULL, lease_until = NULL,
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

-- Asks, right before a task begins, whether it is still the caller's, and counts the attempt of a suspect. The number of
-- the attempt; NULL: cancelled, or somebody else's by now. Worth no wait for the disk: only a crash of the worker counts.
CREATE FUNCTION begin_task(task bigint, task_lease bigint, lease_seconds double precision) RETURNS smallint
    LANGUAGE plpgsql SET jit = off SET enable_seqscan = off SET enable_bitmapscan = off
    SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    number smallint;
BEGIN
    PERFORM set_config('synchronous_commit', 'off', true);
    UPDATE tasks t SET attempt = t.attempt + (t.rescued > 0)::integer,
        lease_until = clock_timestamp() + make_interval(secs => lease_seconds)
    WHERE t.id = task AND t.lease = task_lease RETURNING t.attempt INTO number;
    RETURN number;
END $$;

-- Takes tasks back whose worker stopped prolonging them. They wait up to a sixth of a lease, doubled with each further
-- time, each for itself: what was claimed together is not together again. A suspect on its last attempt is dead: something
-- in it may be what kills workers. Without an argument it is what a worker of the version before asks for.
DROP FUNCTION rescue_tasks();
CREATE FUNCTION rescue_tasks(lease_seconds double precision DEFAULT 60) RETURNS integer
    LANGUAGE plpgsql SET jit = off SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
    taken integer;
BEGIN
    WITH lost AS MATERIALIZED (
        SELECT t.id, t.rescued > 0 AND t.attempt >= t.max_attempts AS dies,
            random() * make_interval(secs => least(lease_seconds / 6 * power(2, least(t.rescued, 9)), 600)) AS wait
        FROM tasks t WHERE t.state = 'running' AND t.lease_until < clock_timestamp()
        ORDER BY t.id LIMIT 1000 FOR UPDATE SKIP LOCKED),
    back AS (
        UPDATE tasks t SET
            state = CASE WHEN lost.dies THEN 'dead' ELSE 'scheduled' END,
            cause = CASE WHEN lost.dies THEN 'the worker stopped answering' END,
            run_at = CASE WHEN lost.dies THEN t.run_at ELSE clock_timestamp() + lost.wait END,
            rescued = least(t.rescued, 32766) + 1, lease = NULL, lease_until = NULL
        FROM lost WHERE t.id = lost.id RETURNING t.organization_id, t.id, t.attempt),
    told AS (
        INSERT INTO task_failures (organization_id, task_id, attempt, error, cause)
        SELECT organization_id, id, attempt, 'the worker stopped answering', 'the worker stopped answering' FROM back)
    SELECT count(*) INTO taken FROM back;
    RETURN taken;
END $$;
