-- Why: back to one look for everything; first looks that a second one follows are no verdicts then.
SET LOCAL lock_timeout = '2s';
CREATE OR REPLACE FUNCTION forbid_own_second_look() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.looked_at IS NOT NULL
        OR EXISTS (SELECT 1 FROM reviews r WHERE r.organization_id = NEW.organization_id AND r.id = NEW.review_id
               AND r.checker_id = NEW.looker_id)
        OR EXISTS (SELECT 1 FROM submissions s WHERE s.organization_id = NEW.organization_id
               AND s.unit_id = NEW.unit_id AND s.maker_id = NEW.looker_id)
        OR EXISTS (SELECT 1 FROM hand_overs h WHERE h.organization_id = NEW.organization_id
               AND h.unit_id = NEW.unit_id AND h.person_id = NEW.looker_id) THEN
        RAISE EXCEPTION 'person % judged or made unit % and may not look a second time', NEW.looker_id, NEW.unit_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'second_looks_other_eyes';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION forbid_unreviewed_delivery() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM units u
        WHERE u.organization_id = NEW.organization_id AND u.id = NEW.unit_id AND u.passed_basis IS NOT NULL
          AND NEW.submission_id = (SELECT s.id FROM submissions s WHERE s.organization_id = u.organization_id
                                   AND s.unit_id = u.id ORDER BY s.number DESC LIMIT 1)
          AND (u.passed_basis = 'sampled_out' OR EXISTS (
              SELECT 1 FROM reviews r WHERE r.organization_id = u.organization_id
              AND r.submission_id = NEW.submission_id AND r.verdict = 'pass') OR EXISTS (
              SELECT 1 FROM review_appeals a WHERE a.organization_id = u.organization_id
              AND a.submission_id = NEW.submission_id AND a.outcome = 'passed'))
    ) THEN
        RAISE EXCEPTION 'unit % has not passed review with submission %', NEW.unit_id, NEW.submission_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'delivery_units_reviewed';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER reviews_other_eyes ON reviews;
DROP FUNCTION forbid_one_look_for_two();
DROP INDEX reviews_first_of_two_looks;
DROP INDEX reviews_last_once;
ALTER TABLE reviews DROP CONSTRAINT reviews_once;
ALTER TABLE reviews ADD CONSTRAINT reviews_once UNIQUE (organization_id, submission_id);
ALTER TABLE reviews DROP COLUMN is_last;
ALTER TABLE reviews DROP COLUMN level;
ALTER TABLE jobs DROP COLUMN review_levels;
