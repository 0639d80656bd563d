-- Why: nothing kept a job, or all of a client's work, from somebody who is not to do it because of whom they know there.

SET LOCAL lock_timeout = '2s';

-- owner: fulfillment. What somebody is not asked to do – one job or all work of a client – until a day, or until that is
-- taken back. Why is a word; there is no place for a note.
CREATE TABLE exclusions (
    organization_id bigint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    worker_id bigint NOT NULL,
    job_id bigint,
    company_id bigint,
    reason text NOT NULL CHECK (reason IN ('close_person', 'works_there', 'own_wish')),
    -- The last day it counts; none is until it is taken back.
    until date,
    excluded_by bigint NOT NULL,
    excluded_at timestamptz NOT NULL,
    lifted_by bigint,
    lifted_at timestamptz,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, worker_id) REFERENCES workers (organization_id, id),
    FOREIGN KEY (organization_id, job_id) REFERENCES jobs (organization_id, id),
    FOREIGN KEY (organization_id, company_id) REFERENCES companies (organization_id, id),
    FOREIGN KEY (organization_id, excluded_by) REFERENCES persons (organization_id, id),
    FOREIGN KEY (organization_id, lifted_by) REFERENCES persons (organization_id, id),
    CONSTRAINT exclusions_of_one_thing CHECK (num_nonnulls(job_id, company_id) = 1),
    CONSTRAINT exclusions_lifted_by_somebody CHECK ((lifted_by IS NULL) = (lifted_at IS NULL))
);
CREATE INDEX exclusions_of_worker ON exclusions (organization_id, worker_id, id);
CREATE INDEX exclusions_of_job ON exclusions (organization_id, job_id);
CREATE INDEX exclusions_of_company ON exclusions (organization_id, company_id);
CREATE INDEX exclusions_by ON exclusions (organization_id, excluded_by);
CREATE INDEX exclusions_lifted_by ON exclusions (organization_id, lifted_by);
SELECT protect('exclusions');
-- Why is no part of the trail, which is kept longer than anybody needs to know it.
SELECT audited('exclusions', 'worker_id', 'job_id', 'company_id', 'until', 'excluded_by', 'lifted_by');

-- Nobody takes what they are not asked to do. What was theirs before, under the terms of then, they may finish.
CREATE FUNCTION forbid_excluded_claim() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM exclusions e
        JOIN units u ON u.organization_id = e.organization_id AND u.id = NEW.unit_id
        JOIN orders o ON o.organization_id = u.organization_id AND o.id = u.order_id
        WHERE e.organization_id = NEW.organization_id AND e.worker_id = NEW.worker_id AND e.lifted_at IS NULL
            AND (e.until IS NULL OR e.until >= (NEW.claimed_at AT TIME ZONE 'Asia/Tokyo')::date)
            AND (e.job_id = u.job_id OR e.company_id = o.company_id))
        AND NOT EXISTS (SELECT 1 FROM assignments a WHERE a.organization_id = NEW.organization_id
            AND a.unit_id = NEW.unit_id AND a.worker_id = NEW.worker_id AND a.terms_notice_id = NEW.terms_notice_id) THEN
        RAISE EXCEPTION 'worker % is not asked to do unit %', NEW.worker_id, NEW.unit_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'assignments_not_excluded';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER assignments_not_excluded BEFORE INSERT ON assignments
    FOR EACH ROW EXECUTE FUNCTION forbid_excluded_claim();

ALTER TABLE offer_decisions DROP CONSTRAINT offer_decisions_outcome_check;
ALTER TABLE offer_decisions ADD CONSTRAINT offer_decisions_outcome_check
    CHECK (outcome IN ('asked', 'not_reached', 'told', 'not_started', 'resting', 'no_wish', 'no_skill', 'skill_expired',
        'skill_below', 'not_their_way', 'off_today', 'no_time', 'declined', 'passed', 'has_portion', 'not_for_them',
        'not_asked'));
