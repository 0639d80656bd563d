SET LOCAL lock_timeout = '2s';

DROP FUNCTION rescue_tasks(double precision);
DROP FUNCTION begin_task(bigint, bigint, double precision);

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

CREATE FUNCTION rescue_tasks() RETURNS integer
    LANGUAGE plpgsql SET jit = off SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
    rescued integer;
BEGIN
    WITH lost AS MATERIALIZED (
        SELECT t.id FROM tasks t WHERE t.state = 'running' AND t.lease_until < clock_timestamp()
        ORDER BY t.id LIMIT 1000 FOR UPDATE SKIP LOCKED),
    back AS (
        UPDATE tasks t SET
            state = CASE WHEN t.attempt >= t.max_attempts THEN 'dead' ELSE 'ready' END,
            cause = CASE WHEN t.attempt >= t.max_attempts THEN 'the worker stopped answering' END,
            lease = NULL, lease_until = NULL
        FROM lost WHERE t.id = lost.id RETURNING t.organization_id, t.id, t.attempt),
    told AS (
        INSERT INTO task_failures (organization_id, task_id, attempt, error, cause)
        SELECT organization_id, id, attempt, 'the worker stopped answering', 'the worker stopped answering' FROM back)
    SELECT count(*) INTO rescued FROM back;
    RETURN rescued;
END $$;

ALTER TABLE tasks DROP COLUMN rescued;
