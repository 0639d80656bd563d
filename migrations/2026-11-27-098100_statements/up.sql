-- Why: what workers had earned was a list that grew; now it is closed, written down for each payment, and paid.

SET LOCAL lock_timeout = '2s';

-- One look at everything received by a day, and what it wrote statements about.
CREATE TABLE pay_closings (
    organization_id bigint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    -- Everything received by this day, in Japan.
    closed_on date NOT NULL,
    closed_by bigint NOT NULL,
    closed_at timestamptz NOT NULL,
    statements integer NOT NULL CHECK (statements >= 1),
    -- Yen before tax that came onto statements with it.
    amount bigint NOT NULL,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, closed_by) REFERENCES persons (organization_id, id)
);
CREATE INDEX pay_closings_by ON pay_closings (organization_id, closed_by);
SELECT protect_append_only('pay_closings');
SELECT audited('pay_closings', 'closed_on', 'closed_by', 'statements', 'amount');

-- One payment to one worker. What its paper says is its newest version.
CREATE TABLE statements (
    organization_id bigint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    worker_id bigint NOT NULL,
    person_id bigint NOT NULL,
    -- The agreed day, and the last one the law allows.
    pay_on date NOT NULL,
    pay_by date NOT NULL,
    created_at timestamptz NOT NULL,
    version integer NOT NULL CHECK (version >= 0),
    -- What the newest version comes to: what is transferred.
    payable bigint NOT NULL CHECK (payable >= 0),
    -- What the worker says of the newest version.
    answer text CHECK (answer IN ('confirmed', 'objected')),
    answered_at timestamptz,
    objection text NOT NULL DEFAULT '' CHECK (length(objection) <= 2000),
    paid_on date,
    paid_by bigint,
    paid_noted_at timestamptz,
    PRIMARY KEY (organization_id, id),
    CONSTRAINT statements_answered_whole CHECK ((answer IS NULL) = (answered_at IS NULL)
        AND (answer IS NOT DISTINCT FROM 'objected') = (objection <> '')),
    CONSTRAINT statements_paid_whole CHECK ((paid_on IS NULL) = (paid_by IS NULL)
        AND (paid_on IS NULL) = (paid_noted_at IS NULL)),
    FOREIGN KEY (organization_id, worker_id) REFERENCES workers (organization_id, id),
    FOREIGN KEY (organization_id, person_id) REFERENCES persons (organization_id, id),
    FOREIGN KEY (organization_id, paid_by) REFERENCES persons (organization_id, id)
);
-- One payment has one open statement.
CREATE UNIQUE INDEX statements_open ON statements (organization_id, worker_id, pay_on) WHERE paid_on IS NULL;
CREATE INDEX statements_of_worker ON statements (organization_id, worker_id, pay_on DESC, id DESC);
CREATE INDEX statements_of_person ON statements (organization_id, person_id, pay_on DESC, id DESC);
CREATE INDEX statements_by_day ON statements (organization_id, pay_on DESC, id DESC);
CREATE INDEX statements_unpaid ON statements (organization_id, pay_on, id) WHERE paid_on IS NULL;
CREATE INDEX statements_paid_by ON statements (organization_id, paid_by);
SELECT protect('statements');
REVOKE UPDATE, DELETE ON statements FROM yui_app;
GRANT UPDATE (pay_by, version, payable, answer, answered_at, objection, paid_on, paid_by, paid_noted_at)
    ON statements TO yui_app;
SELECT audited('statements', 'worker_id', 'pay_on', 'version', 'payable', 'answer', 'paid_on', 'paid_by');

-- What was earned is paid once: every earning stands on one statement.
CREATE TABLE statement_earnings (
    organization_id bigint NOT NULL,
    earning_id bigint NOT NULL,
    statement_id bigint NOT NULL,
    PRIMARY KEY (organization_id, earning_id),
    FOREIGN KEY (organization_id, earning_id) REFERENCES earnings (organization_id, id),
    FOREIGN KEY (organization_id, statement_id) REFERENCES statements (organization_id, id)
);
CREATE INDEX statement_earnings_of ON statement_earnings (organization_id, statement_id);
SELECT protect_append_only('statement_earnings');

-- A statement as it was issued. It never changes; a correction is the next version.
CREATE TABLE statement_versions (
    organization_id bigint NOT NULL,
    statement_id bigint NOT NULL,
    number integer NOT NULL CHECK (number >= 1),
    -- Why there is this version, and in words where somebody decided it.
    cause text NOT NULL CHECK (cause IN ('first', 'added', 'deduction', 'correction')),
    reason text NOT NULL CHECK (length(reason) <= 2000),
    -- Everything on it was received by this day.
    closed_on date NOT NULL,
    orderer_name text NOT NULL,
    orderer_address text NOT NULL,
    worker_name text NOT NULL,
    -- The worker's 登録番号 on the day of closing; empty where they have none.
    registration_number text NOT NULL,
    -- Yen before tax: the sum of the lines, and of those from which tax is withheld.
    amount bigint NOT NULL CHECK (amount >= 0),
    withholding_base bigint NOT NULL CHECK (withholding_base BETWEEN 0 AND amount),
    tax_rate smallint NOT NULL CHECK (tax_rate BETWEEN 0 AND 100),
    tax bigint NOT NULL CHECK (tax >= 0),
    withheld bigint NOT NULL CHECK (withheld >= 0),
    payable bigint NOT NULL CHECK (payable = amount + tax - withheld),
    -- How much of the tax the town may deduct from its own, in percent.
    deductible_percent smallint NOT NULL CHECK (deductible_percent BETWEEN 0 AND 100),
    sha256 bytea NOT NULL CHECK (length(sha256) = 32),
    issued_at timestamptz NOT NULL,
    issued_by bigint NOT NULL,
    PRIMARY KEY (organization_id, statement_id, number),
    CONSTRAINT statement_versions_say_why CHECK ((number = 1) = (cause = 'first')
        AND (cause IN ('deduction', 'correction')) = (reason <> '')),
    -- 消費税法基本通達 1-8-15: rounded once for each rate.
    CONSTRAINT statement_versions_tax_once CHECK (tax = amount * tax_rate / 100),
    -- 所得税法204・205条: 10.21 % up to a million yen and 20.42 % above, without what is less than a yen.
    CONSTRAINT statement_versions_withheld CHECK (withheld =
        (LEAST(withholding_base, 1000000) * 1021 + GREATEST(withholding_base - 1000000, 0) * 2042) / 10000),
    FOREIGN KEY (organization_id, statement_id) REFERENCES statements (organization_id, id),
    FOREIGN KEY (organization_id, issued_by) REFERENCES persons (organization_id, id)
);
CREATE INDEX statement_versions_by ON statement_versions (organization_id, issued_by);
SELECT protect_append_only('statement_versions');
SELECT audited('statement_versions', 'statement_id', 'number', 'amount', 'tax', 'withheld', 'payable', 'issued_by');

CREATE TABLE statement_lines (
    organization_id bigint NOT NULL,
    statement_id bigint NOT NULL,
    number integer NOT NULL,
    position integer NOT NULL CHECK (position >= 1),
    kind text NOT NULL CHECK (kind IN ('unit', 'fix', 'compensation', 'share', 'deduction')),
    job_id bigint NOT NULL,
    -- What the job was called.
    title text NOT NULL,
    units integer NOT NULL CHECK (units >= 1),
    unit_price bigint NOT NULL,
    amount bigint NOT NULL,
    is_withheld boolean NOT NULL,
    first_received_on date NOT NULL,
    last_received_on date NOT NULL,
    PRIMARY KEY (organization_id, statement_id, number, position),
    CONSTRAINT statement_lines_multiply CHECK (amount = units * unit_price),
    CONSTRAINT statement_lines_sign CHECK ((unit_price < 0) = (kind = 'deduction')),
    CONSTRAINT statement_lines_days CHECK (first_received_on <= last_received_on),
    FOREIGN KEY (organization_id, statement_id, number) REFERENCES statement_versions (organization_id, statement_id, number),
    FOREIGN KEY (organization_id, job_id) REFERENCES jobs (organization_id, id)
);
CREATE INDEX statement_lines_job ON statement_lines (organization_id, job_id);
SELECT protect_append_only('statement_lines');

-- No total disagrees with its lines, and no lines come to a version that was issued.
CREATE FUNCTION forbid_wrong_statement_sums() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    listed bigint;
    listed_base bigint;
    said statement_versions;
BEGIN
    SELECT * INTO said FROM statement_versions v WHERE v.organization_id = NEW.organization_id
        AND v.statement_id = NEW.statement_id AND v.number = NEW.number;
    SELECT COALESCE(sum(l.amount), 0), COALESCE(sum(l.amount) FILTER (WHERE l.is_withheld), 0)
        INTO listed, listed_base FROM statement_lines l
        WHERE l.organization_id = NEW.organization_id AND l.statement_id = NEW.statement_id AND l.number = NEW.number;
    IF listed <> said.amount OR listed_base <> said.withholding_base THEN
        RAISE EXCEPTION 'statement % version % says % and lists %', NEW.statement_id, NEW.number, said.amount, listed
            USING ERRCODE = 'check_violation', CONSTRAINT = 'statement_versions_sum';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER statement_versions_sum AFTER INSERT ON statement_versions
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION forbid_wrong_statement_sums();
CREATE CONSTRAINT TRIGGER statement_lines_sum AFTER INSERT ON statement_lines
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION forbid_wrong_statement_sums();

-- What is paid is over: it gets no further version and is not unpaid again.
CREATE FUNCTION forbid_changing_paid_statements() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.paid_on IS NOT NULL AND (NEW.version <> OLD.version OR NEW.payable <> OLD.payable
        OR NEW.paid_on IS DISTINCT FROM OLD.paid_on OR NEW.paid_by IS DISTINCT FROM OLD.paid_by) THEN
        RAISE EXCEPTION 'statement % is paid', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'statements_paid_stay';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER statements_paid_stay BEFORE UPDATE ON statements
    FOR EACH ROW EXECUTE FUNCTION forbid_changing_paid_statements();
