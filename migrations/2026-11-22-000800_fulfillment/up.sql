-- Why: from the won order to the accepted delivery, with what must never happen ruled out by constraints.

SET LOCAL lock_timeout = '2s';

CREATE TABLE orders (
    organization_id bigint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    -- Sales' deal; no foreign key, because sales and fulfillment never see each other.
    deal_id bigint NOT NULL,
    company_id bigint NOT NULL,
    contact_id bigint,
    title text NOT NULL CHECK (length(title) BETWEEN 1 AND 200),
    state text NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'running', 'closed', 'cancelled')),
    amount bigint NOT NULL CHECK (amount >= 0),
    due_on date NOT NULL,
    client_terms text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL,
    started_at timestamptz,
    ended_at timestamptz,
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (organization_id, id),
    CONSTRAINT orders_one_per_deal UNIQUE (organization_id, deal_id),
    FOREIGN KEY (organization_id, company_id) REFERENCES companies (organization_id, id),
    FOREIGN KEY (organization_id, contact_id) REFERENCES contacts (organization_id, id),
    CHECK (state IN ('draft', 'cancelled') OR started_at IS NOT NULL),
    CHECK ((state IN ('closed', 'cancelled')) = (ended_at IS NOT NULL))
);
CREATE INDEX orders_by_due ON orders (organization_id, state, due_on, id);
CREATE INDEX orders_company ON orders (organization_id, company_id);
CREATE INDEX orders_contact ON orders (organization_id, contact_id);
SELECT protect('orders');
SELECT audited('orders', 'state', 'deal_id', 'amount', 'due_on');

CREATE TABLE order_lines (
    organization_id bigint NOT NULL,
    order_id bigint NOT NULL,
    position smallint NOT NULL CHECK (position > 0),
    description text NOT NULL,
    quantity integer NOT NULL CHECK (quantity > 0),
    unit_price bigint NOT NULL CHECK (unit_price >= 0),
    unit_minutes integer NOT NULL CHECK (unit_minutes > 0),
    tax_rate smallint NOT NULL CHECK (tax_rate IN (0, 8, 10)),
    PRIMARY KEY (organization_id, order_id, position),
    FOREIGN KEY (organization_id, order_id) REFERENCES orders (organization_id, id)
);
SELECT protect_append_only('order_lines');

CREATE TABLE jobs (
    organization_id bigint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    order_id bigint NOT NULL,
    title text NOT NULL CHECK (length(title) BETWEEN 1 AND 200),
    rules text NOT NULL CHECK (length(rules) BETWEEN 1 AND 10000),
    state text NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'offered', 'closed')),
    unit_minutes integer NOT NULL CHECK (unit_minutes BETWEEN 1 AND 6000),
    -- What a worker is paid for one unit, in yen before tax.
    unit_pay bigint NOT NULL CHECK (unit_pay BETWEEN 1 AND 10000000),
    skill_id bigint,
    work_due_on date NOT NULL,
    inspect_days smallint NOT NULL DEFAULT 5 CHECK (inspect_days BETWEEN 1 AND 30),
    pay_on date NOT NULL,
    offered_at timestamptz,
    created_at timestamptz NOT NULL,
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, order_id) REFERENCES orders (organization_id, id),
    FOREIGN KEY (organization_id, skill_id) REFERENCES skills (organization_id, id),
    CHECK (CASE state WHEN 'draft' THEN offered_at IS NULL WHEN 'offered' THEN offered_at IS NOT NULL ELSE true END),
    CHECK (pay_on >= work_due_on),
    -- Freelance Act art. 4: within 60 days, the day of receipt being the first.
    CONSTRAINT jobs_paid_within_60_days CHECK (pay_on <= work_due_on + 59)
);
CREATE INDEX jobs_of_order ON jobs (organization_id, order_id, id);
CREATE INDEX jobs_skill ON jobs (organization_id, skill_id);
CREATE INDEX jobs_offered ON jobs (organization_id, work_due_on, id) WHERE state = 'offered';
SELECT protect('jobs');
SELECT audited('jobs', 'order_id', 'state', 'unit_minutes', 'unit_pay', 'skill_id', 'work_due_on', 'pay_on');

CREATE TABLE units (
    organization_id bigint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    order_id bigint NOT NULL,
    job_id bigint NOT NULL,
    position integer NOT NULL CHECK (position > 0),
    label text NOT NULL CHECK (length(label) BETWEEN 1 AND 200),
    content text NOT NULL DEFAULT '' CHECK (length(content) <= 10000),
    state text NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'offered', 'claimed', 'working', 'paused', 'submitted',
        'checking', 'returned', 'passed', 'delivered', 'accepted', 'claimed_back', 'rejected', 'cancelled')),
    -- Why a passed unit passed: a person reviewed it, or the sampling plan let it by.
    passed_basis text CHECK (passed_basis IN ('reviewed', 'sampled_out')),
    holder_id bigint,
    -- Who is the cause of a cancellation, and what the holder is owed for it in yen.
    cancel_fault text CHECK (cancel_fault IN ('client', 'town', 'worker')),
    compensation bigint CHECK (compensation >= 0),
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (organization_id, id),
    UNIQUE (organization_id, job_id, position),
    FOREIGN KEY (organization_id, order_id) REFERENCES orders (organization_id, id),
    FOREIGN KEY (organization_id, job_id) REFERENCES jobs (organization_id, id),
    FOREIGN KEY (organization_id, holder_id) REFERENCES persons (organization_id, id),
    CONSTRAINT units_held_while_worked CHECK
        ((state IN ('draft', 'offered')) = (holder_id IS NULL) OR state = 'cancelled'),
    CONSTRAINT units_passed_with_basis CHECK
        ((state IN ('passed', 'delivered', 'accepted', 'claimed_back')) = (passed_basis IS NOT NULL)),
    CONSTRAINT units_cancelled_with_fault CHECK
        ((state = 'cancelled') = (cancel_fault IS NOT NULL) AND (state = 'cancelled') = (compensation IS NOT NULL))
);
CREATE INDEX units_of_job ON units (organization_id, job_id, state, position);
CREATE INDEX units_of_order ON units (organization_id, order_id, state);
CREATE INDEX units_of_holder ON units (organization_id, holder_id, state, id);
CREATE INDEX units_to_review ON units (organization_id, id) WHERE state IN ('submitted', 'checking');
SELECT protect('units');

CREATE TABLE unit_events (
    organization_id bigint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    unit_id bigint NOT NULL,
    from_state text,
    to_state text NOT NULL,
    actor text NOT NULL,
    reason text,
    note text NOT NULL DEFAULT '',
    happened_at timestamptz NOT NULL,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, unit_id) REFERENCES units (organization_id, id)
);
CREATE INDEX unit_events_of_unit ON unit_events (organization_id, unit_id, id);
SELECT protect_append_only('unit_events');

-- A job put before a worker whom it fits. Declining costs nothing; not answering is not declining.
CREATE TABLE offers (
    organization_id bigint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    job_id bigint NOT NULL,
    worker_id bigint NOT NULL,
    state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'declined', 'withdrawn')),
    offered_at timestamptz NOT NULL,
    answered_at timestamptz,
    PRIMARY KEY (organization_id, id),
    UNIQUE (organization_id, job_id, worker_id),
    FOREIGN KEY (organization_id, job_id) REFERENCES jobs (organization_id, id),
    FOREIGN KEY (organization_id, worker_id) REFERENCES workers (organization_id, id)
);
CREATE INDEX offers_of_worker ON offers (organization_id, worker_id, state, id);
SELECT protect('offers');
SELECT audited('offers', 'job_id', 'worker_id', 'state');

-- The written terms (取引条件明示) as the worker saw and accepted them; bytes never change.
CREATE TABLE terms_notices (
    organization_id bigint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    job_id bigint NOT NULL,
    worker_id bigint NOT NULL,
    units integer NOT NULL CHECK (units > 0),
    language text NOT NULL CHECK (language IN ('ja', 'en')),
    body text NOT NULL,
    sha256 bytea NOT NULL CHECK (length(sha256) = 32),
    issued_at timestamptz NOT NULL,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, job_id) REFERENCES jobs (organization_id, id),
    FOREIGN KEY (organization_id, worker_id) REFERENCES workers (organization_id, id)
);
CREATE INDEX terms_notices_of_job ON terms_notices (organization_id, job_id, id);
CREATE INDEX terms_notices_of_worker ON terms_notices (organization_id, worker_id, id);
SELECT protect_append_only('terms_notices');

CREATE TABLE assignments (
    organization_id bigint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    unit_id bigint NOT NULL,
    worker_id bigint NOT NULL,
    person_id bigint NOT NULL,
    terms_notice_id bigint NOT NULL,
    claimed_at timestamptz NOT NULL,
    due_on date NOT NULL,
    ended_at timestamptz,
    end_kind text CHECK (end_kind IN ('handed_back', 'taken_back', 'rejected', 'cancelled', 'completed')),
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, unit_id) REFERENCES units (organization_id, id),
    FOREIGN KEY (organization_id, worker_id) REFERENCES workers (organization_id, id),
    FOREIGN KEY (organization_id, person_id) REFERENCES persons (organization_id, id),
    FOREIGN KEY (organization_id, terms_notice_id) REFERENCES terms_notices (organization_id, id),
    CHECK ((ended_at IS NULL) = (end_kind IS NULL))
);
-- Never two people on one unit.
CREATE UNIQUE INDEX assignments_one_live ON assignments (organization_id, unit_id) WHERE ended_at IS NULL;
CREATE INDEX assignments_of_unit ON assignments (organization_id, unit_id, id);
CREATE INDEX assignments_of_worker ON assignments (organization_id, worker_id, id);
CREATE INDEX assignments_of_person ON assignments (organization_id, person_id);
CREATE INDEX assignments_terms ON assignments (organization_id, terms_notice_id);
SELECT protect('assignments');
SELECT audited('assignments', 'unit_id', 'worker_id', 'due_on', 'end_kind');

CREATE TABLE submissions (
    organization_id bigint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    unit_id bigint NOT NULL,
    assignment_id bigint NOT NULL,
    maker_id bigint NOT NULL,
    number integer NOT NULL CHECK (number > 0),
    note text NOT NULL DEFAULT '' CHECK (length(note) <= 10000),
    file_id bigint,
    submitted_at timestamptz NOT NULL,
    PRIMARY KEY (organization_id, id),
    UNIQUE (organization_id, unit_id, number),
    FOREIGN KEY (organization_id, unit_id) REFERENCES units (organization_id, id),
    FOREIGN KEY (organization_id, assignment_id) REFERENCES assignments (organization_id, id),
    FOREIGN KEY (organization_id, maker_id) REFERENCES persons (organization_id, id),
    FOREIGN KEY (organization_id, file_id) REFERENCES files (organization_id, id),
    CHECK (file_id IS NOT NULL OR note <> '')
);
CREATE INDEX submissions_assignment ON submissions (organization_id, assignment_id);
CREATE INDEX submissions_maker ON submissions (organization_id, maker_id, unit_id);
CREATE INDEX submissions_file ON submissions (organization_id, file_id);
SELECT protect_append_only('submissions');

CREATE TABLE reviews (
    organization_id bigint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    unit_id bigint NOT NULL,
    submission_id bigint NOT NULL,
    checker_id bigint NOT NULL,
    verdict text NOT NULL CHECK (verdict IN ('pass', 'return', 'reject')),
    reason text CHECK (reason IN ('missing', 'typo', 'wrong_content', 'wrong_format', 'rule_broken', 'unreadable', 'specification_changed')),
    -- Decided here, because it decides pay: a changed specification is never the worker's fault.
    fault text CHECK (fault IN ('worker', 'specification')),
    comment text NOT NULL DEFAULT '' CHECK (length(comment) <= 4000),
    reviewed_at timestamptz NOT NULL,
    PRIMARY KEY (organization_id, id),
    CONSTRAINT reviews_once UNIQUE (organization_id, submission_id),
    FOREIGN KEY (organization_id, unit_id) REFERENCES units (organization_id, id),
    FOREIGN KEY (organization_id, submission_id) REFERENCES submissions (organization_id, id),
    FOREIGN KEY (organization_id, checker_id) REFERENCES persons (organization_id, id),
    CHECK ((verdict = 'pass') = (reason IS NULL)),
    CHECK ((verdict = 'pass') = (fault IS NULL)),
    CHECK (verdict = 'pass' OR comment <> ''),
    CHECK (reason <> 'specification_changed' OR fault = 'specification')
);
CREATE INDEX reviews_of_unit ON reviews (organization_id, unit_id, id);
CREATE INDEX reviews_checker ON reviews (organization_id, checker_id, reviewed_at);
SELECT protect_append_only('reviews');

-- Four eyes, over all versions: whoever made any version of a unit never checks it.
CREATE FUNCTION forbid_own_review() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM submissions s WHERE s.organization_id = NEW.organization_id
               AND s.unit_id = NEW.unit_id AND s.maker_id = NEW.checker_id) THEN
        RAISE EXCEPTION 'person % made a version of unit % and may not check it', NEW.checker_id, NEW.unit_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'reviews_four_eyes';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reviews_four_eyes BEFORE INSERT ON reviews FOR EACH ROW EXECUTE FUNCTION forbid_own_review();

-- And the other way round: whoever checked a version of a unit never makes a later one, or sending work back would
-- be a way to get it.
CREATE FUNCTION forbid_making_after_checking() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM reviews r WHERE r.organization_id = NEW.organization_id
               AND r.unit_id = NEW.unit_id AND r.checker_id = NEW.maker_id) THEN
        RAISE EXCEPTION 'person % checked a version of unit % and may not make one', NEW.maker_id, NEW.unit_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'submissions_four_eyes';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER submissions_four_eyes BEFORE INSERT ON submissions
    FOR EACH ROW EXECUTE FUNCTION forbid_making_after_checking();

CREATE TABLE deliveries (
    organization_id bigint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    order_id bigint NOT NULL,
    contact_id bigint NOT NULL,
    number integer NOT NULL CHECK (number > 0),
    state text NOT NULL DEFAULT 'sent' CHECK (state IN ('sent', 'answered')),
    message text NOT NULL DEFAULT '' CHECK (length(message) <= 4000),
    inspect_until date NOT NULL,
    sent_at timestamptz NOT NULL,
    sent_by bigint NOT NULL,
    answered_at timestamptz,
    answered_name text CHECK (length(answered_name) BETWEEN 1 AND 100),
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (organization_id, id),
    UNIQUE (organization_id, order_id, number),
    FOREIGN KEY (organization_id, order_id) REFERENCES orders (organization_id, id),
    FOREIGN KEY (organization_id, contact_id) REFERENCES contacts (organization_id, id),
    FOREIGN KEY (organization_id, sent_by) REFERENCES persons (organization_id, id),
    CHECK ((state = 'answered') = (answered_at IS NOT NULL)),
    CHECK ((state = 'answered') = (answered_name IS NOT NULL))
);
CREATE INDEX deliveries_contact ON deliveries (organization_id, contact_id);
CREATE INDEX deliveries_sender ON deliveries (organization_id, sent_by);
CREATE INDEX deliveries_by_state ON deliveries (organization_id, state, inspect_until, id);
SELECT protect('deliveries');
SELECT audited('deliveries', 'order_id', 'number', 'state', 'inspect_until');

CREATE TABLE delivery_units (
    organization_id bigint NOT NULL,
    delivery_id bigint NOT NULL,
    unit_id bigint NOT NULL,
    submission_id bigint NOT NULL,
    answer text CHECK (answer IN ('accepted', 'fix')),
    fix_note text NOT NULL DEFAULT '' CHECK (length(fix_note) <= 2000),
    answered_at timestamptz,
    PRIMARY KEY (organization_id, delivery_id, unit_id),
    FOREIGN KEY (organization_id, delivery_id) REFERENCES deliveries (organization_id, id),
    FOREIGN KEY (organization_id, unit_id) REFERENCES units (organization_id, id),
    FOREIGN KEY (organization_id, submission_id) REFERENCES submissions (organization_id, id),
    CHECK ((answer IS NULL) = (answered_at IS NULL)),
    CHECK (answer IS DISTINCT FROM 'fix' OR fix_note <> '')
);
CREATE INDEX delivery_units_unit ON delivery_units (organization_id, unit_id);
CREATE INDEX delivery_units_submission ON delivery_units (organization_id, submission_id);
SELECT protect('delivery_units');
SELECT audited('delivery_units', 'delivery_id', 'unit_id', 'answer');

-- Never a delivery with an unreviewed unit: the row is refused unless the unit passed with this very submission.
CREATE FUNCTION forbid_unreviewed_delivery() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM units u
        WHERE u.organization_id = NEW.organization_id AND u.id = NEW.unit_id AND u.passed_basis IS NOT NULL
          AND NEW.submission_id = (SELECT s.id FROM submissions s WHERE s.organization_id = u.organization_id
                                   AND s.unit_id = u.id ORDER BY s.number DESC LIMIT 1)
          AND (u.passed_basis = 'sampled_out' OR EXISTS (
              SELECT 1 FROM reviews r WHERE r.organization_id = u.organization_id
              AND r.submission_id = NEW.submission_id AND r.verdict = 'pass'))
    ) THEN
        RAISE EXCEPTION 'unit % has not passed review with submission %', NEW.unit_id, NEW.submission_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'delivery_units_reviewed';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER delivery_units_reviewed BEFORE INSERT ON delivery_units
    FOR EACH ROW EXECUTE FUNCTION forbid_unreviewed_delivery();

-- What lets a client in without an account: only digests of the secrets are kept.
CREATE TABLE delivery_links (
    organization_id bigint NOT NULL,
    -- Drawn before the row is written: the secret is derived from it, and only the secret's digest is kept.
    id bigint GENERATED BY DEFAULT AS IDENTITY,
    delivery_id bigint NOT NULL,
    secret_hash bytea NOT NULL CHECK (length(secret_hash) = 32),
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    code_hash bytea CHECK (length(code_hash) = 32),
    code_expires_at timestamptz,
    code_tries smallint NOT NULL DEFAULT 0,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, delivery_id) REFERENCES deliveries (organization_id, id),
    CHECK ((code_hash IS NULL) = (code_expires_at IS NULL))
);
CREATE UNIQUE INDEX delivery_links_secret ON delivery_links (organization_id, secret_hash);
CREATE INDEX delivery_links_of_delivery ON delivery_links (organization_id, delivery_id);
SELECT protect('delivery_links');
GRANT USAGE ON SEQUENCE delivery_links_id_seq TO yui_app;

CREATE TABLE delivery_accesses (
    organization_id bigint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    delivery_id bigint NOT NULL,
    kind text NOT NULL CHECK (kind IN ('opened', 'downloaded', 'code_sent', 'answered')),
    happened_at timestamptz NOT NULL,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, delivery_id) REFERENCES deliveries (organization_id, id)
);
CREATE INDEX delivery_accesses_of_delivery ON delivery_accesses (organization_id, delivery_id, id);
SELECT protect_append_only('delivery_accesses');
