-- Why: one person's look was the last word about everything; a job may ask for two, and then a second person looks at what passed the first.

SET LOCAL lock_timeout = '2s';

-- How many people look at each version, one after the other.
ALTER TABLE jobs ADD COLUMN review_levels smallint NOT NULL DEFAULT 1
    CONSTRAINT jobs_review_levels CHECK (review_levels IN (1, 2));

-- The first look is level 1. A pass of it that a second look follows decides nothing of the unit.
ALTER TABLE reviews ADD COLUMN level smallint NOT NULL DEFAULT 1 CONSTRAINT reviews_level CHECK (level IN (1, 2));
ALTER TABLE reviews ADD COLUMN is_last boolean NOT NULL DEFAULT true;
ALTER TABLE reviews ADD CONSTRAINT reviews_first_of_two CHECK (is_last OR (level = 1 AND verdict = 'pass'));
ALTER TABLE reviews DROP CONSTRAINT reviews_once;
ALTER TABLE reviews ADD CONSTRAINT reviews_once UNIQUE (organization_id, submission_id, level);
-- Of one version one verdict decides.
CREATE UNIQUE INDEX reviews_last_once ON reviews (organization_id, submission_id) WHERE is_last;
CREATE INDEX reviews_first_of_two_looks ON reviews (organization_id, unit_id) WHERE NOT is_last;

-- The second look is another person's, and nothing of a job of two levels passes by one.
CREATE FUNCTION forbid_one_look_for_two() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.level = 2 AND NOT EXISTS (SELECT 1 FROM reviews r WHERE r.organization_id = NEW.organization_id
            AND r.submission_id = NEW.submission_id AND r.level = 1 AND NOT r.is_last
            AND r.checker_id <> NEW.checker_id) THEN
        RAISE EXCEPTION 'version % waits for no second look by person %', NEW.submission_id, NEW.checker_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'reviews_other_eyes';
    END IF;
    IF NEW.level = 1 AND NEW.verdict = 'pass' AND NEW.is_last <> (1 = (SELECT j.review_levels FROM units u
            JOIN jobs j ON j.organization_id = u.organization_id AND j.id = u.job_id
            WHERE u.organization_id = NEW.organization_id AND u.id = NEW.unit_id)) THEN
        RAISE EXCEPTION 'version % passes by as many looks as its job asks for', NEW.submission_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'reviews_all_levels';
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION forbid_one_look_for_two() FROM PUBLIC;
CREATE TRIGGER reviews_other_eyes BEFORE INSERT ON reviews FOR EACH ROW EXECUTE FUNCTION forbid_one_look_for_two();

-- Nothing goes out that waits for its second look.
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
              AND r.submission_id = NEW.submission_id AND r.verdict = 'pass' AND r.is_last) OR EXISTS (
              SELECT 1 FROM review_appeals a WHERE a.organization_id = u.organization_id
              AND a.submission_id = NEW.submission_id AND a.outcome = 'passed'))
    ) THEN
        RAISE EXCEPTION 'unit % has not passed review with submission %', NEW.unit_id, NEW.submission_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'delivery_units_reviewed';
    END IF;
    RETURN NEW;
END $$;

-- Whoever looked at a version at either level knows of it, and is not asked as if they did not.
CREATE OR REPLACE FUNCTION forbid_own_second_look() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.looked_at IS NOT NULL
        OR EXISTS (SELECT 1 FROM reviews r WHERE r.organization_id = NEW.organization_id
               AND r.submission_id = NEW.submission_id AND r.checker_id = NEW.looker_id)
        OR EXISTS (SELECT 1 FROM submissions s WHERE s.organization_id = NEW.organization_id
               AND s.unit_id = NEW.unit_id AND s.maker_id = NEW.looker_id)
        OR EXISTS (SELECT 1 FROM hand_overs h WHERE h.organization_id = NEW.organization_id
               AND h.unit_id = NEW.unit_id AND h.person_id = NEW.looker_id) THEN
        RAISE EXCEPTION 'person % judged or made unit % and may not look a second time', NEW.looker_id, NEW.unit_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'second_looks_other_eyes';
    END IF;
    RETURN NEW;
END $$;
