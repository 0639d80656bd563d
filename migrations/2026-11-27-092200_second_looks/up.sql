-- Why: nobody knew whether two reviewers judge alike; now a few verdicts are given once more by somebody who does not know the first.

SET LOCAL lock_timeout = '2s';

-- Of how many hundred verdicts how many are given twice.
ALTER TABLE quality_settings ADD COLUMN second_look_percent smallint NOT NULL DEFAULT 2
    CONSTRAINT quality_settings_second_look_percent CHECK (second_look_percent BETWEEN 0 AND 100);

-- A verdict that another reviewer gives once more, without knowing the first. It changes nothing of the unit.
CREATE TABLE second_looks (
    organization_id bigint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    review_id bigint NOT NULL,
    unit_id bigint NOT NULL,
    submission_id bigint NOT NULL,
    drawn_at timestamptz NOT NULL,
    looker_id bigint,
    is_good boolean,
    comment text NOT NULL DEFAULT '' CHECK (length(comment) <= 4000),
    looked_at timestamptz,
    PRIMARY KEY (organization_id, id),
    CONSTRAINT second_looks_once UNIQUE (organization_id, review_id),
    CONSTRAINT second_looks_whole CHECK ((looked_at IS NULL) = (looker_id IS NULL) AND (looked_at IS NULL) = (is_good IS NULL)),
    FOREIGN KEY (organization_id, review_id) REFERENCES reviews (organization_id, id),
    FOREIGN KEY (organization_id, unit_id, submission_id) REFERENCES submissions (organization_id, unit_id, id),
    FOREIGN KEY (organization_id, looker_id) REFERENCES persons (organization_id, id)
);
CREATE INDEX second_looks_of_submission ON second_looks (organization_id, unit_id, submission_id);
CREATE INDEX second_looks_of_looker ON second_looks (organization_id, looker_id);
CREATE INDEX second_looks_open ON second_looks (organization_id, drawn_at, id) WHERE looked_at IS NULL;
SELECT protect('second_looks');
-- What was drawn is not exchanged for another.
REVOKE UPDATE, DELETE ON second_looks FROM yui_app;
GRANT UPDATE (looker_id, is_good, comment, looked_at) ON second_looks TO yui_app;
SELECT audited('second_looks', 'review_id', 'unit_id', 'looker_id', 'is_good');

-- Another pair of eyes: neither whoever judged first nor whoever made it; and what was said is not unsaid.
CREATE FUNCTION forbid_own_second_look() RETURNS trigger
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
CREATE TRIGGER second_looks_other_eyes BEFORE UPDATE ON second_looks
    FOR EACH ROW EXECUTE FUNCTION forbid_own_second_look();
