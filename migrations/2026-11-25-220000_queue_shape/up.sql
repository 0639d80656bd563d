-- Why: the queue made fast and whole. The hot row stays narrow (large payloads and history elsewhere), the claim takes
-- the towns in turns, and what limits tasks (gates, pauses, batches, schedules) never lies in the claim's own index.

SET LOCAL lock_timeout = '2s';

-- `gated`: waits for its gate to admit it. `parked`: its kind is paused, or no worker that met it knew its kind.
ALTER TABLE tasks DROP CONSTRAINT tasks_state_check;
ALTER TABLE tasks ADD CONSTRAINT tasks_state_check
    CHECK (state IN ('ready', 'gated', 'scheduled', 'running', 'parked', 'dead'));
-- NULL payload: over 1 kB, in task_payloads.
ALTER TABLE tasks ALTER COLUMN payload DROP NOT NULL;
ALTER TABLE tasks ADD COLUMN gate text, ADD COLUMN batch_id bigint, ADD COLUMN cause text;
ALTER TABLE tasks ADD CONSTRAINT tasks_cause_check CHECK (cause IS NULL OR state = 'dead');
-- A session that claims thousands of tasks a second asks the sequence once in a thousand. A lease number is the claim's
-- time and this sequence's last ten bits: claims are committed asynchronously, and after a crash of the server the sequence
-- alone might give a number again that a worker still holds.
ALTER SEQUENCE task_leases CACHE 1000;

-- One lane per priority and town, so that a claim can take the towns in turns and begin each where it left off.
DROP INDEX tasks_claim;
CREATE INDEX tasks_claim ON tasks (priority, organization_id, run_at, id) WHERE state = 'ready';
-- By id and not by lease_until: a heartbeat then touches no index and stays on its page (HOT).
DROP INDEX tasks_lease;
CREATE INDEX tasks_running ON tasks (id) WHERE state = 'running';
CREATE INDEX tasks_gated ON tasks (kind, gate, run_at, id) WHERE state = 'gated';
CREATE INDEX tasks_admitted ON tasks (kind, gate) WHERE gate IS NOT NULL AND state IN ('ready', 'running');
CREATE INDEX tasks_parked ON tasks (kind, id) WHERE state = 'parked';
CREATE INDEX tasks_of_batch ON tasks (batch_id) WHERE batch_id IS NOT NULL;

CREATE TABLE task_payloads (
    organization_id bigint NOT NULL,
    task_id bigint NOT NULL,
    payload jsonb NOT NULL,
    PRIMARY KEY (organization_id, task_id)
);
SELECT protect('task_payloads');
GRANT SELECT, INSERT, DELETE ON task_payloads TO yui_queue;
CREATE POLICY every_town ON task_payloads TO yui_queue USING (true);

ALTER TABLE task_failures ADD COLUMN cause text NOT NULL DEFAULT '';
COMMENT ON COLUMN task_failures.cause IS 'The error without its numbers and quoted names: what groups the dead.';

-- What ended, by month: a month that is old enough is dropped, not deleted row by row.
CREATE TABLE task_history (
    organization_id bigint NOT NULL,
    id bigint NOT NULL,
    kind text NOT NULL,
    attempt smallint NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('done', 'cancelled', 'discarded')),
    finished_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (organization_id, id, finished_at)
) PARTITION BY RANGE (finished_at);
SELECT protect('task_history');
REVOKE UPDATE, DELETE ON task_history FROM yui_app;
GRANT SELECT, INSERT ON task_history TO yui_queue;
CREATE POLICY every_town ON task_history TO yui_queue USING (true);

-- Makes the partitions of this month and the next three, drops those that ended more than kept_months ago, and removes
-- what belongs to tasks and ticks that are gone. Partitions have row-level security without a policy and no grant: they
-- are reached through task_history or not at all. A month whose rows already fell into task_history_rest stays there.
CREATE FUNCTION keep_task_history(kept_months integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '2s' AS $$
DECLARE
    this_month date := date_trunc('month', clock_timestamp());
    month date;
    partition text;
    changed integer := 0;
BEGIN
    IF NOT pg_try_advisory_xact_lock(hashtext('yui task history')) THEN
        RETURN 0;
    END IF;
    FOR month IN SELECT generate_series(this_month, this_month + interval '3 months', interval '1 month') LOOP
        partition := 'task_history_' || to_char(month, 'YYYY_MM');
        CONTINUE WHEN to_regclass(partition) IS NOT NULL;
        CONTINUE WHEN to_regclass('task_history_rest') IS NOT NULL AND EXISTS (
            SELECT FROM task_history_rest r WHERE r.finished_at >= month AND r.finished_at < month + interval '1 month');
        EXECUTE format('CREATE TABLE %I (LIKE task_history INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', partition);
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', partition);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', partition);
        EXECUTE format('ALTER TABLE task_history ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
            partition, month::timestamptz, (month + interval '1 month')::timestamptz);
        changed := changed + 1;
    END LOOP;
    FOR partition IN
        SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = 'task_history'::regclass AND c.relname ~ '^task_history_\d{4}_\d{2}$'
        AND to_date(right(c.relname, 7), 'YYYY_MM') < this_month - make_interval(months => kept_months)
    LOOP
        EXECUTE format('DROP TABLE %I', partition);
        changed := changed + 1;
    END LOOP;
    DELETE FROM task_progress p WHERE NOT EXISTS (SELECT FROM tasks t WHERE t.id = p.task_id);
    DELETE FROM schedule_ticks WHERE tick < clock_timestamp() - make_interval(months => kept_months);
    DELETE FROM task_batches b WHERE b.ended_at < clock_timestamp() - make_interval(months => kept_months);
    DELETE FROM task_failures f WHERE f.failed_at < clock_timestamp() - make_interval(months => kept_months)
        AND NOT EXISTS (SELECT FROM tasks t WHERE t.id = f.task_id);
    RETURN changed;
END $$;
REVOKE ALL ON FUNCTION keep_task_history(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION keep_task_history(integer) TO yui_queue;

-- How far a long task says it has come.
CREATE TABLE task_progress (
    organization_id bigint NOT NULL,
    task_id bigint NOT NULL,
    done bigint NOT NULL,
    total bigint NOT NULL CHECK (total >= 0),
    reported_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (organization_id, task_id)
) WITH (fillfactor = 50);
SELECT protect('task_progress');

-- A kind that a town has paused; read with every claim.
CREATE TABLE task_pauses (
    organization_id bigint NOT NULL,
    kind text NOT NULL,
    actor text NOT NULL,
    paused_at timestamptz NOT NULL,
    PRIMARY KEY (organization_id, kind)
);
SELECT protect('task_pauses');
GRANT SELECT ON task_pauses TO yui_queue;
CREATE POLICY every_town ON task_pauses FOR SELECT TO yui_queue USING (true);

-- Tasks that belong together, and the task that runs when the last of them has ended.
CREATE TABLE task_batches (
    organization_id bigint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    callback_kind text NOT NULL,
    callback_priority smallint NOT NULL,
    callback_attempts smallint NOT NULL,
    callback_gate text,
    callback_payload jsonb NOT NULL,
    size bigint NOT NULL,
    ended_at timestamptz,
    PRIMARY KEY (organization_id, id)
);
CREATE INDEX task_batches_open ON task_batches (id) WHERE ended_at IS NULL;
SELECT protect('task_batches');
GRANT SELECT, UPDATE ON task_batches TO yui_queue;
CREATE POLICY every_town ON task_batches TO yui_queue USING (true);

-- When a rate-limited gate lets the next task through. Belongs to no town: a gate may stand before all of them.
CREATE TABLE task_gates (
    kind text NOT NULL,
    gate text NOT NULL,
    next_at timestamptz NOT NULL,
    PRIMARY KEY (kind, gate)
) WITH (fillfactor = 50);
ALTER TABLE task_gates ENABLE ROW LEVEL SECURITY;
ALTER TABLE task_gates FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON task_gates TO yui_queue;
CREATE POLICY workers ON task_gates TO yui_queue USING (true);

-- When a schedule was first seen: it owes no tick from before.
CREATE TABLE schedules (
    name text PRIMARY KEY,
    since timestamptz NOT NULL
);
ALTER TABLE schedules ENABLE ROW LEVEL SECURITY;
ALTER TABLE schedules FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT ON schedules TO yui_queue;
CREATE POLICY workers ON schedules TO yui_queue USING (true);

-- One row per town, schedule and tick: whoever writes it adds the task. There is no leader.
CREATE TABLE schedule_ticks (
    organization_id bigint NOT NULL,
    schedule text NOT NULL,
    tick timestamptz NOT NULL,
    PRIMARY KEY (organization_id, schedule, tick)
);
SELECT protect('schedule_ticks');
GRANT SELECT, INSERT ON schedule_ticks TO yui_queue;
CREATE POLICY every_town ON schedule_ticks TO yui_queue USING (true);

CREATE TABLE task_history_rest PARTITION OF task_history DEFAULT;
ALTER TABLE task_history_rest ENABLE ROW LEVEL SECURITY;
ALTER TABLE task_history_rest FORCE ROW LEVEL SECURITY;
SELECT keep_task_history(12);
INSERT INTO task_history (organization_id, id, kind, attempt, outcome, finished_at)
    SELECT organization_id, id, kind, attempt, 'done', finished_at FROM finished_tasks;
DROP TABLE finished_tasks;

-- The statements of the hot path are functions: their plans are kept with the connection, and the settings forbid the
-- plans that look cheap to stale statistics and are ruinous (measured: 5,000 finishes 3,257 ms instead of 12 ms), and the
-- compiler that their artificial costs would call (100 ms a claim).

-- Takes up to `most` ready tasks, each under a lease number that this task never had before.
--
-- A lane is a priority and a town. The caller says which lanes it knows and up to which run_at it has emptied each (the
-- mark), so that the scan does not walk again over what is finished but still visible to an old snapshot. Lanes it does
-- not know are found by looking into the gaps between those it knows.
-- Of the priorities the one with the oldest head goes first, where each step down counts as five minutes more youth:
-- what waits long enough overtakes. Within a priority the towns share equally, beginning after `first_town`.
-- Priorities beyond `last_priority` are left alone. Tasks whose kind is paused or unknown are parked and returned
-- without a lease.
CREATE FUNCTION claim_tasks(
    most integer, lease_seconds double precision, known_kinds text[],
    lane_priorities smallint[], lane_towns bigint[], lane_marks timestamptz[], first_town bigint,
    last_priority smallint)
    RETURNS TABLE (task_id bigint, town bigint, task_kind text, task_priority smallint, task_attempt smallint,
        task_max_attempts smallint, task_lease bigint, task_payload jsonb, task_run_at timestamptz,
        task_gate text, claimed_at timestamptz)
    LANGUAGE plpgsql
    SET jit = off SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off
    SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
    moment timestamptz := clock_timestamp();
    until timestamptz := moment + make_interval(secs => lease_seconds);
    some_paused boolean := EXISTS (SELECT FROM task_pauses);
    known integer := cardinality(lane_towns);
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
        after_town := 0;
        LOOP
            IF next_known <= known AND lane_priorities[next_known] = prio THEN
                up_to := lane_towns[next_known];
            ELSE
                up_to := 9223372036854775807;
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
            EXIT WHEN up_to = 9223372036854775807;
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
                    t.run_at, t.gate, moment;
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

-- Ends tasks; returns those whose lease was still good. No condition on `state`: it would tempt the planner onto the
-- small index of running tasks and a quadratic join.
CREATE FUNCTION finish_tasks(ids bigint[], leases bigint[]) RETURNS bigint[]
    LANGUAGE plpgsql
    SET jit = off SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
    ended bigint[];
    large bigint[];
    large_towns bigint[];
BEGIN
    WITH done AS (
        DELETE FROM tasks t USING unnest(ids, leases) AS e (id, lease) WHERE t.id = e.id AND t.lease = e.lease
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
CREATE FUNCTION settle_tasks(
    ids bigint[], leases bigint[], states text[], waits double precision[], refunds smallint[],
    errors text[], causes text[]) RETURNS bigint[]
    LANGUAGE plpgsql
    SET jit = off SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
    settled bigint[];
BEGIN
    WITH back AS (
        UPDATE tasks t SET
            state = e.state,
            run_at = CASE WHEN e.wait IS NULL THEN t.run_at ELSE clock_timestamp() + make_interval(secs => e.wait) END,
            attempt = t.attempt - e.refund, lease = NULL, lease_until = NULL,
            cause = CASE WHEN e.state = 'dead' THEN e.cause END
        FROM unnest(ids, leases, states, waits, refunds, errors, causes)
            AS e (id, lease, state, wait, refund, error, cause)
        WHERE t.id = e.id AND t.lease = e.lease
        RETURNING t.id, t.organization_id, t.attempt, e.error, e.cause),
    told AS (
        INSERT INTO task_failures (organization_id, task_id, attempt, error, cause)
        SELECT organization_id, id, attempt, error, COALESCE(cause, '') FROM back WHERE error IS NOT NULL)
    SELECT array_agg(id) INTO settled FROM back;
    RETURN COALESCE(settled, '{}');
END $$;

-- Prolongs leases; returns those that could be prolonged: a task that is missing is no longer the caller's.
CREATE FUNCTION prolong_tasks(ids bigint[], leases bigint[], lease_seconds double precision) RETURNS bigint[]
    LANGUAGE plpgsql
    SET jit = off SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
    held bigint[];
BEGIN
    PERFORM set_config('synchronous_commit', 'off', true);
    WITH kept AS (
        UPDATE tasks t SET lease_until = clock_timestamp() + make_interval(secs => lease_seconds)
        FROM unnest(ids, leases) AS e (id, lease) WHERE t.id = e.id AND t.lease = e.lease RETURNING t.id)
    SELECT array_agg(id) INTO held FROM kept;
    RETURN COALESCE(held, '{}');
END $$;

-- Takes tasks back whose worker stopped prolonging them. One on its last attempt is dead: something in it may be what
-- kills workers.
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

-- Lets gated tasks through as far as their kind's limits allow. A gate's places are counted from the rows and not kept
-- in a counter, so that no crash can lose one; the advisory lock lets one worker at a time count a gate.
CREATE FUNCTION admit_tasks(
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

-- The rounds of a worker that nothing has called: makes due tasks ready, brings parked tasks of known kinds back once
-- they are no longer paused, and starts the callbacks of batches whose last task has ended. Says how many tasks it
-- moved and how many seconds the next scheduled one is away.
CREATE FUNCTION tend_tasks(known_kinds text[], with_due boolean)
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

-- Adds the task of one tick for every town that has not had it; returns how many were added.
CREATE FUNCTION tick_schedule(
    schedule_name text, at timestamptz, towns bigint[], gates text[], task_kind text, task_priority smallint,
    attempts smallint, body jsonb) RETURNS integer
    LANGUAGE plpgsql AS $$
DECLARE
    added integer;
BEGIN
    WITH new AS (
        INSERT INTO schedule_ticks (organization_id, schedule, tick)
        SELECT town, schedule_name, at FROM unnest(towns) AS town ON CONFLICT DO NOTHING RETURNING organization_id)
    INSERT INTO tasks (organization_id, kind, priority, max_attempts, state, gate, payload)
    SELECT new.organization_id, task_kind, task_priority, attempts,
        CASE WHEN t.gate IS NULL THEN 'ready' ELSE 'gated' END, t.gate, body
    FROM new JOIN unnest(towns, gates) AS t (town, gate) ON t.town = new.organization_id;
    GET DIAGNOSTICS added = ROW_COUNT;
    RETURN added;
END $$;
