-- Why: a unit could go back to the same person again and again; after the town's or the job's number of returns somebody sits down with them instead.

SET LOCAL lock_timeout = '2s';

-- A return that is a coaching step.
ALTER TABLE reviews ADD COLUMN coaching boolean NOT NULL DEFAULT false;
ALTER TABLE reviews ADD CONSTRAINT reviews_coach_on_return
    CHECK (NOT coaching OR (verdict = 'return' AND fault = 'worker'));

-- Beyond the cap nothing goes back through its maker's fault without coaching.
CREATE FUNCTION forbid_endless_rework() RETURNS trigger
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
CREATE TRIGGER reviews_rework_cap BEFORE INSERT ON reviews FOR EACH ROW EXECUTE FUNCTION forbid_endless_rework();

-- Somebody sits down with whoever made a unit that went back once too often.
CREATE TABLE coachings (
    organization_id bigint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    review_id bigint NOT NULL,
    unit_id bigint NOT NULL,
    person_id bigint NOT NULL,
    opened_at timestamptz NOT NULL,
    -- What was agreed, for both; the worker reads it.
    note text NOT NULL DEFAULT '' CHECK (length(note) <= 4000),
    coach_id bigint,
    held_on date,
    closed_at timestamptz,
    PRIMARY KEY (organization_id, id),
    CONSTRAINT coachings_once UNIQUE (organization_id, review_id),
    CONSTRAINT coachings_closed_whole CHECK ((closed_at IS NULL) = (coach_id IS NULL)
        AND (closed_at IS NULL) = (held_on IS NULL) AND (closed_at IS NULL OR note <> '')),
    CONSTRAINT coachings_by_another CHECK (coach_id <> person_id),
    FOREIGN KEY (organization_id, review_id) REFERENCES reviews (organization_id, id),
    FOREIGN KEY (organization_id, unit_id) REFERENCES units (organization_id, id),
    FOREIGN KEY (organization_id, person_id) REFERENCES persons (organization_id, id),
    FOREIGN KEY (organization_id, coach_id) REFERENCES persons (organization_id, id)
);
CREATE INDEX coachings_of_unit ON coachings (organization_id, unit_id);
CREATE INDEX coachings_of_person ON coachings (organization_id, person_id);
CREATE INDEX coachings_by ON coachings (organization_id, coach_id);
CREATE INDEX coachings_open ON coachings (organization_id, id) WHERE closed_at IS NULL;
SELECT protect('coachings');
SELECT audited('coachings', 'review_id', 'unit_id', 'person_id', 'coach_id', 'held_on');
