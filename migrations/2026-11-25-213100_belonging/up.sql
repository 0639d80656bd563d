-- Why: each row knew its town, but a review could name another unit's submission; now what belongs together is one key.

SET LOCAL lock_timeout = '2s';

ALTER TABLE jobs ADD CONSTRAINT jobs_of_their_order UNIQUE (organization_id, order_id, id);
ALTER TABLE units DROP CONSTRAINT units_organization_id_job_id_fkey;
ALTER TABLE units ADD CONSTRAINT units_job_of_their_order
    FOREIGN KEY (organization_id, order_id, job_id) REFERENCES jobs (organization_id, order_id, id);
CREATE INDEX units_of_job_and_order ON units (organization_id, order_id, job_id);

-- Under the terms that this worker was shown.
ALTER TABLE terms_notices ADD CONSTRAINT terms_notices_of_their_worker UNIQUE (organization_id, worker_id, id);
ALTER TABLE assignments DROP CONSTRAINT assignments_organization_id_terms_notice_id_fkey;
ALTER TABLE assignments ADD CONSTRAINT assignments_terms_of_their_worker
    FOREIGN KEY (organization_id, worker_id, terms_notice_id) REFERENCES terms_notices (organization_id, worker_id, id);
DROP INDEX assignments_terms;
CREATE INDEX assignments_terms ON assignments (organization_id, terms_notice_id, worker_id);

-- Made by whoever held that unit.
ALTER TABLE assignments ADD CONSTRAINT assignments_of_their_unit UNIQUE (organization_id, unit_id, person_id, id);
ALTER TABLE submissions DROP CONSTRAINT submissions_organization_id_assignment_id_fkey;
ALTER TABLE submissions ADD CONSTRAINT submissions_made_by_the_holder
    FOREIGN KEY (organization_id, unit_id, maker_id, assignment_id)
    REFERENCES assignments (organization_id, unit_id, person_id, id);
DROP INDEX submissions_assignment;
CREATE INDEX submissions_assignment ON submissions (organization_id, assignment_id, unit_id, maker_id);

ALTER TABLE submissions ADD CONSTRAINT submissions_of_their_unit UNIQUE (organization_id, unit_id, id);
ALTER TABLE reviews DROP CONSTRAINT reviews_organization_id_submission_id_fkey;
ALTER TABLE reviews ADD CONSTRAINT reviews_submission_of_their_unit
    FOREIGN KEY (organization_id, unit_id, submission_id) REFERENCES submissions (organization_id, unit_id, id);
CREATE INDEX reviews_submission ON reviews (organization_id, submission_id, unit_id);

ALTER TABLE delivery_units DROP CONSTRAINT delivery_units_organization_id_submission_id_fkey;
ALTER TABLE delivery_units ADD CONSTRAINT delivery_units_submission_of_their_unit
    FOREIGN KEY (organization_id, unit_id, submission_id) REFERENCES submissions (organization_id, unit_id, id);
DROP INDEX delivery_units_submission;
CREATE INDEX delivery_units_submission ON delivery_units (organization_id, submission_id, unit_id);

-- A delivery's order stands in the delivery and a unit's in the unit: no key can hold these two together.
CREATE FUNCTION forbid_foreign_delivery() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM deliveries d JOIN units u
                   ON u.organization_id = d.organization_id AND u.order_id = d.order_id AND u.id = NEW.unit_id
                   WHERE d.organization_id = NEW.organization_id AND d.id = NEW.delivery_id) THEN
        RAISE EXCEPTION 'unit % is not of the order of delivery %', NEW.unit_id, NEW.delivery_id
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = TG_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER delivery_units_of_their_order BEFORE INSERT OR UPDATE OF delivery_id, unit_id ON delivery_units
    FOR EACH ROW EXECUTE FUNCTION forbid_foreign_delivery();
