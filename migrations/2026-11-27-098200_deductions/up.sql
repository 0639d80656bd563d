-- Why: pay may be reduced for nothing but a recorded fault of the worker's, and only where a second person agrees.

SET LOCAL lock_timeout = '2s';

CREATE TABLE pay_deductions (
    organization_id bigint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    statement_id bigint NOT NULL,
    unit_id bigint NOT NULL,
    -- The review that found the fault.
    review_id bigint NOT NULL,
    -- Yen before tax.
    amount bigint NOT NULL CHECK (amount BETWEEN 1 AND 10000000),
    reason text NOT NULL CHECK (length(reason) BETWEEN 1 AND 2000),
    asked_by bigint NOT NULL,
    asked_at timestamptz NOT NULL,
    is_approved boolean,
    decided_by bigint,
    decided_at timestamptz,
    PRIMARY KEY (organization_id, id),
    CONSTRAINT pay_deductions_decided_whole CHECK ((is_approved IS NULL) = (decided_by IS NULL)
        AND (is_approved IS NULL) = (decided_at IS NULL)),
    CONSTRAINT pay_deductions_two_people CHECK (decided_by <> asked_by),
    FOREIGN KEY (organization_id, statement_id) REFERENCES statements (organization_id, id),
    FOREIGN KEY (organization_id, unit_id) REFERENCES units (organization_id, id),
    FOREIGN KEY (organization_id, review_id) REFERENCES reviews (organization_id, id),
    FOREIGN KEY (organization_id, asked_by) REFERENCES persons (organization_id, id),
    FOREIGN KEY (organization_id, decided_by) REFERENCES persons (organization_id, id)
);
CREATE INDEX pay_deductions_of_statement ON pay_deductions (organization_id, statement_id);
CREATE INDEX pay_deductions_of_unit ON pay_deductions (organization_id, unit_id);
CREATE UNIQUE INDEX pay_deductions_once ON pay_deductions (organization_id, review_id) WHERE is_approved IS NOT FALSE;
CREATE INDEX pay_deductions_of_review ON pay_deductions (organization_id, review_id);
CREATE INDEX pay_deductions_asked ON pay_deductions (organization_id, asked_by);
CREATE INDEX pay_deductions_decided ON pay_deductions (organization_id, decided_by);
CREATE INDEX pay_deductions_open ON pay_deductions (organization_id, id) WHERE decided_at IS NULL;
SELECT protect('pay_deductions');
REVOKE UPDATE, DELETE ON pay_deductions FROM yui_app;
GRANT UPDATE (is_approved, decided_by, decided_at) ON pay_deductions TO yui_app;
SELECT audited('pay_deductions', 'statement_id', 'unit_id', 'review_id', 'amount', 'asked_by', 'is_approved', 'decided_by');

-- Pay is never reduced without a recorded fault of the worker's (Freelance Act art. 5), and nobody decides about their own.
CREATE FUNCTION forbid_deduction_without_fault() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    payee bigint := (SELECT s.person_id FROM statements s
        WHERE s.organization_id = NEW.organization_id AND s.id = NEW.statement_id);
BEGIN
    IF NOT EXISTS (SELECT 1 FROM reviews r
        JOIN submissions v ON v.organization_id = r.organization_id AND v.id = r.submission_id
        WHERE r.organization_id = NEW.organization_id AND r.id = NEW.review_id AND r.unit_id = NEW.unit_id
            AND r.fault = 'worker' AND v.maker_id = payee) THEN
        RAISE EXCEPTION 'review % names no fault of person %', NEW.review_id, payee
            USING ERRCODE = 'check_violation', CONSTRAINT = 'pay_deductions_fault';
    END IF;
    IF NEW.asked_by = payee OR NEW.decided_by = payee THEN
        RAISE EXCEPTION 'person % may not decide about their own pay', payee
            USING ERRCODE = 'check_violation', CONSTRAINT = 'pay_deductions_other_eyes';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER pay_deductions_fault BEFORE INSERT OR UPDATE ON pay_deductions
    FOR EACH ROW EXECUTE FUNCTION forbid_deduction_without_fault();
