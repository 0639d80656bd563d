-- Why: back to closings that leave nothing, and to eyes that looked at versions alone.
CREATE OR REPLACE FUNCTION forbid_making_after_checking() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM reviews r WHERE r.organization_id = NEW.organization_id
               AND r.unit_id = NEW.unit_id AND r.checker_id = NEW.maker_id) THEN
        RAISE EXCEPTION 'person % checked a version of unit % and may not make one', NEW.maker_id, NEW.unit_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'submissions_four_eyes';
    END IF;
    RETURN NEW;
END $$;
ALTER TABLE pay_closings DROP CONSTRAINT pay_closings_left;
ALTER TABLE pay_closings DROP COLUMN left_amount;
ALTER TABLE pay_closings DROP COLUMN left_jobs;
