-- Why: whoever handed the wrong file in could only wait for it to be sent back; until somebody looks at it, they take it back.

SET LOCAL lock_timeout = '2s';

-- A version its maker took back before anybody began to check it. It was never received: no pay counts from it.
CREATE TABLE submission_retractions (
    organization_id bigint NOT NULL,
    submission_id bigint NOT NULL,
    unit_id bigint NOT NULL,
    retracted_at timestamptz NOT NULL,
    PRIMARY KEY (organization_id, submission_id),
    CONSTRAINT submission_retractions_of_their_unit
        FOREIGN KEY (organization_id, unit_id, submission_id) REFERENCES submissions (organization_id, unit_id, id)
);
CREATE INDEX submission_retractions_unit ON submission_retractions (organization_id, unit_id, submission_id);
SELECT protect_append_only('submission_retractions');

-- No verdict on what was taken back.
CREATE FUNCTION forbid_review_of_retracted() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM submission_retractions r
               WHERE r.organization_id = NEW.organization_id AND r.submission_id = NEW.submission_id) THEN
        RAISE EXCEPTION 'version % was taken back and is not reviewed', NEW.submission_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'reviews_not_of_retracted';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reviews_not_of_retracted BEFORE INSERT ON reviews
    FOR EACH ROW EXECUTE FUNCTION forbid_review_of_retracted();
