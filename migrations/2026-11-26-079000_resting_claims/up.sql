-- Why: a claim was kept for ever, whatever became of its holder; now it rests for some days, its holder is asked twice, and then it goes on.

SET LOCAL lock_timeout = '2s';

-- How many days a claim of this job is kept without a sign of its holder.
ALTER TABLE jobs ADD COLUMN keep_days smallint NOT NULL DEFAULT 7
    CONSTRAINT jobs_kept_for_some_days CHECK (keep_days BETWEEN 2 AND 60);

ALTER TABLE assignments DROP CONSTRAINT assignments_end_kind_check;
ALTER TABLE assignments ADD CONSTRAINT assignments_end_kind_check
    CHECK (end_kind IN ('handed_back', 'taken_back', 'rejected', 'cancelled', 'completed', 'expired'));

-- How long what somebody claimed of a job is kept without a sign of theirs. Whoever works on one of its units keeps all of
-- them. There is none for claims under terms from before: those say nothing of a span, and are kept for ever.
CREATE TABLE claim_spans (
    organization_id bigint NOT NULL,
    job_id bigint NOT NULL,
    person_id bigint NOT NULL,
    -- What was claimed under terms issued earlier does not end with it.
    since timestamptz NOT NULL,
    kept_from timestamptz NOT NULL,
    kept_until timestamptz NOT NULL,
    -- How far the span was when its holder was last asked, in percent.
    asked smallint NOT NULL DEFAULT 0 CHECK (asked IN (0, 50, 80)),
    -- When it is looked at next; none while nothing is to be done by its holder.
    look_at timestamptz,
    PRIMARY KEY (organization_id, job_id, person_id),
    CONSTRAINT claim_spans_last CHECK (since <= kept_from AND kept_from < kept_until),
    FOREIGN KEY (organization_id, job_id) REFERENCES jobs (organization_id, id),
    FOREIGN KEY (organization_id, person_id) REFERENCES persons (organization_id, id)
);
CREATE INDEX claim_spans_of_person ON claim_spans (organization_id, person_id);
CREATE INDEX claim_spans_looked_at ON claim_spans (organization_id, look_at) WHERE look_at IS NOT NULL;
SELECT protect('claim_spans');
