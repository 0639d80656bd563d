-- Why: back to a recorded fault that is enough.
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
    IF NEW.asked_by = payee OR NEW.decided_by = payee THEN
        RAISE EXCEPTION 'person % may not decide about their own pay', payee
            USING ERRCODE = 'check_violation', CONSTRAINT = 'pay_deductions_other_eyes';
    END IF;
    RETURN NEW;
END $$;
ALTER TABLE pay_deductions DROP CONSTRAINT pay_deductions_grounds_whole;
ALTER TABLE pay_deductions DROP COLUMN agreed_on;
ALTER TABLE pay_deductions DROP COLUMN basis;
ALTER TABLE pay_deductions DROP COLUMN ground;
