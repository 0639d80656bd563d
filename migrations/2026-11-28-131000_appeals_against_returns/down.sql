-- Why: back to appeals against refusals alone.
SET LOCAL lock_timeout = '2s';
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
CREATE OR REPLACE FUNCTION forbid_endless_rework() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    maker bigint := (SELECT s.maker_id FROM submissions s
        WHERE s.organization_id = NEW.organization_id AND s.id = NEW.submission_id);
    cap integer := COALESCE(
        (SELECT c.rework_cap FROM job_checks c
         JOIN units u ON u.organization_id = c.organization_id AND u.job_id = c.job_id
         WHERE c.organization_id = NEW.organization_id AND u.id = NEW.unit_id ORDER BY c.number DESC LIMIT 1),
        (SELECT q.rework_cap FROM quality_settings q WHERE q.organization_id = NEW.organization_id), 2);
    returned integer;
BEGIN
    IF NEW.verdict <> 'return' OR NEW.fault <> 'worker' OR NEW.coaching THEN
        RETURN NEW;
    END IF;
    SELECT count(*) INTO returned FROM reviews r
    JOIN submissions s ON s.organization_id = r.organization_id AND s.id = r.submission_id
    WHERE r.organization_id = NEW.organization_id AND r.unit_id = NEW.unit_id AND s.maker_id = maker
        AND r.verdict = 'return' AND r.fault = 'worker';
    IF returned >= cap THEN
        RAISE EXCEPTION 'unit % went back to person % % times already', NEW.unit_id, maker, returned
            USING ERRCODE = 'check_violation', CONSTRAINT = 'reviews_rework_cap';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION forbid_own_appeal() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM reviews r
        JOIN submissions s ON s.organization_id = r.organization_id AND s.id = r.submission_id
        WHERE r.organization_id = NEW.organization_id AND r.id = NEW.review_id AND r.submission_id = NEW.submission_id
            AND r.verdict = 'reject' AND s.maker_id = NEW.appellant_id) THEN
        RAISE EXCEPTION 'review % refused nothing of person %', NEW.review_id, NEW.appellant_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'review_appeals_of_refusals';
    END IF;
    IF EXISTS (SELECT 1 FROM reviews r WHERE r.organization_id = NEW.organization_id AND r.id = NEW.review_id
               AND r.checker_id = NEW.decided_by)
        OR EXISTS (SELECT 1 FROM submissions s WHERE s.organization_id = NEW.organization_id
               AND s.unit_id = NEW.unit_id AND s.maker_id = NEW.decided_by)
        OR EXISTS (SELECT 1 FROM hand_overs h WHERE h.organization_id = NEW.organization_id
               AND h.unit_id = NEW.unit_id AND h.person_id = NEW.decided_by) THEN
        RAISE EXCEPTION 'person % refused or made unit % and may not decide its appeal', NEW.decided_by, NEW.unit_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'review_appeals_other_eyes';
    END IF;
    RETURN NEW;
END $$;
REVOKE UPDATE (due_on) ON review_appeals FROM yui_app;
ALTER TABLE review_appeals DROP COLUMN due_on;
ALTER TABLE review_appeals DROP CONSTRAINT review_appeals_outcome_check;
ALTER TABLE review_appeals ADD CONSTRAINT review_appeals_outcome_check CHECK (outcome IN ('upheld', 'paid', 'passed'));
ALTER TABLE reviews DROP CONSTRAINT reviews_appeal_by_of_verdicts_against;
ALTER TABLE reviews ADD CONSTRAINT reviews_appeal_by_of_refusals CHECK (appeal_by IS NULL OR verdict = 'reject');
