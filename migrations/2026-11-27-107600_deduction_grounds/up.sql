-- Why: a recorded fault alone was enough to reduce pay; the law wants it to have cost something, and the worker to know what (取適法5条,
-- フリーランス法5条: a reduction for reasons of the worker's alone, and by no more than is objectively reasonable).

SET LOCAL lock_timeout = '2s';

-- What the fault cost, how the amount comes about, and on which day the worker agreed; null in deductions from before.
ALTER TABLE pay_deductions ADD COLUMN ground text CHECK (ground IN ('town_mended', 'value_lost'));
ALTER TABLE pay_deductions ADD COLUMN basis text NOT NULL DEFAULT '' CHECK (length(basis) <= 2000);
ALTER TABLE pay_deductions ADD COLUMN agreed_on date;
ALTER TABLE pay_deductions ADD CONSTRAINT pay_deductions_grounds_whole CHECK ((ground IS NULL) = (agreed_on IS NULL)
    AND (ground IS NULL) = (basis = ''));

-- Pay is never reduced without a recorded fault of the worker's that stands and a lawful ground, and nobody decides about their own.
CREATE OR REPLACE FUNCTION forbid_deduction_without_fault() RETURNS trigger
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
    IF NEW.is_approved IS NOT FALSE AND EXISTS (SELECT 1 FROM review_appeals p
        WHERE p.organization_id = NEW.organization_id AND p.review_id = NEW.review_id
            AND (p.outcome IS NULL OR p.outcome IN ('paid', 'passed'))) THEN
        RAISE EXCEPTION 'review % is appealed against, or was overturned', NEW.review_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'pay_deductions_fault';
    END IF;
    IF TG_OP = 'INSERT' AND (NEW.ground IS NULL OR NEW.basis = '' OR NEW.agreed_on IS NULL) THEN
        RAISE EXCEPTION 'a deduction for review % has no lawful ground', NEW.review_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'pay_deductions_grounds';
    END IF;
    IF NEW.asked_by = payee OR NEW.decided_by = payee THEN
        RAISE EXCEPTION 'person % may not decide about their own pay', payee
            USING ERRCODE = 'check_violation', CONSTRAINT = 'pay_deductions_other_eyes';
    END IF;
    RETURN NEW;
END $$;
