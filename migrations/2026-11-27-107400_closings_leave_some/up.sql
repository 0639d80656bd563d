-- Why: one job of which nobody had said what kind of work it is kept everybody's pay from being closed; and whoever decided an appeal
-- about a unit could go on to make it.

SET LOCAL lock_timeout = '2s';

-- What was received by the day and was left for a later closing, because nobody had said what kind of work it is: of how many jobs,
-- and how many yen before tax.
ALTER TABLE pay_closings ADD COLUMN left_jobs integer NOT NULL DEFAULT 0 CHECK (left_jobs >= 0);
ALTER TABLE pay_closings ADD COLUMN left_amount bigint NOT NULL DEFAULT 0;
ALTER TABLE pay_closings ADD CONSTRAINT pay_closings_left CHECK ((left_jobs = 0) = (left_amount = 0));

CREATE OR REPLACE FUNCTION forbid_making_after_checking() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM reviews r WHERE r.organization_id = NEW.organization_id
               AND r.unit_id = NEW.unit_id AND r.checker_id = NEW.maker_id)
        OR EXISTS (SELECT 1 FROM review_appeals p WHERE p.organization_id = NEW.organization_id
               AND p.unit_id = NEW.unit_id AND p.decided_by = NEW.maker_id) THEN
        RAISE EXCEPTION 'person % checked a version of unit % and may not make one', NEW.maker_id, NEW.unit_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'submissions_four_eyes';
    END IF;
    RETURN NEW;
END $$;
