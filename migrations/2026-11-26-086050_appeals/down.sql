-- Why: back to refusals that nobody asks again about.
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
              AND r.submission_id = NEW.submission_id AND r.verdict = 'pass'))
    ) THEN
        RAISE EXCEPTION 'unit % has not passed review with submission %', NEW.unit_id, NEW.submission_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'delivery_units_reviewed';
    END IF;
    RETURN NEW;
END $$;
DROP TABLE review_appeals;
DROP FUNCTION forbid_own_appeal();
