-- Why: a refusal was the last word of one person; now its maker may ask for another's, within days that both sides know.

SET LOCAL lock_timeout = '2s';

CREATE TABLE review_appeals (
    organization_id bigint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    review_id bigint NOT NULL,
    unit_id bigint NOT NULL,
    submission_id bigint NOT NULL,
    appellant_id bigint NOT NULL,
    text text NOT NULL CHECK (length(text) BETWEEN 1 AND 4000),
    appealed_at timestamptz NOT NULL,
    -- The business day by which it is decided.
    decide_by date NOT NULL,
    -- Upheld: the refusal stands. Paid: it stands, but through no fault of the maker's. Passed: the work is good.
    outcome text CHECK (outcome IN ('upheld', 'paid', 'passed')),
    decided_by bigint,
    comment text NOT NULL DEFAULT '' CHECK (length(comment) <= 4000),
    decided_at timestamptz,
    PRIMARY KEY (organization_id, id),
    CONSTRAINT review_appeals_once UNIQUE (organization_id, review_id),
    CONSTRAINT review_appeals_decided_whole CHECK ((decided_at IS NULL) = (outcome IS NULL)
        AND (decided_at IS NULL) = (decided_by IS NULL) AND (decided_at IS NULL OR comment <> '')),
    FOREIGN KEY (organization_id, review_id) REFERENCES reviews (organization_id, id),
    FOREIGN KEY (organization_id, unit_id, submission_id) REFERENCES submissions (organization_id, unit_id, id),
    FOREIGN KEY (organization_id, appellant_id) REFERENCES persons (organization_id, id),
    FOREIGN KEY (organization_id, decided_by) REFERENCES persons (organization_id, id)
);
CREATE INDEX review_appeals_of_submission ON review_appeals (organization_id, unit_id, submission_id);
CREATE INDEX review_appeals_of_appellant ON review_appeals (organization_id, appellant_id, id);
CREATE INDEX review_appeals_by ON review_appeals (organization_id, decided_by);
CREATE INDEX review_appeals_open ON review_appeals (organization_id, decide_by, id) WHERE decided_at IS NULL;
SELECT protect('review_appeals');
-- What was asked is not rewritten.
REVOKE UPDATE, DELETE ON review_appeals FROM yui_app;
GRANT UPDATE (outcome, decided_by, comment, decided_at) ON review_appeals TO yui_app;
SELECT audited('review_appeals', 'review_id', 'unit_id', 'appellant_id', 'decide_by', 'outcome', 'decided_by');

-- Made by whoever made the refused version, and decided by neither them nor whoever refused it.
CREATE FUNCTION forbid_own_appeal() RETURNS trigger
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
CREATE TRIGGER review_appeals_other_eyes BEFORE INSERT OR UPDATE ON review_appeals
    FOR EACH ROW EXECUTE FUNCTION forbid_own_appeal();

-- What passed on appeal was looked at, too.
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
