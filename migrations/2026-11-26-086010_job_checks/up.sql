-- Why: each reviewer looked for other things; now a job says what is looked at, every wording stays, and an answer names the one it was given to.

SET LOCAL lock_timeout = '2s';

-- How a job's work is checked, from version 1; the newest counts.
CREATE TABLE job_checks (
    organization_id bigint NOT NULL,
    job_id bigint NOT NULL,
    number integer NOT NULL CHECK (number >= 1),
    -- How often a unit goes back before its maker is coached; the town's value where there is none.
    rework_cap smallint CHECK (rework_cap BETWEEN 1 AND 9),
    changed_by bigint NOT NULL,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (organization_id, job_id, number),
    FOREIGN KEY (organization_id, job_id) REFERENCES jobs (organization_id, id),
    FOREIGN KEY (organization_id, changed_by) REFERENCES persons (organization_id, id)
);
CREATE INDEX job_checks_changed_by ON job_checks (organization_id, changed_by);
SELECT protect_append_only('job_checks');

CREATE TABLE job_check_items (
    organization_id bigint NOT NULL,
    job_id bigint NOT NULL,
    number integer NOT NULL,
    position smallint NOT NULL CHECK (position BETWEEN 1 AND 30),
    text text NOT NULL CHECK (length(text) BETWEEN 1 AND 200),
    PRIMARY KEY (organization_id, job_id, number, position),
    FOREIGN KEY (organization_id, job_id, number) REFERENCES job_checks (organization_id, job_id, number)
);
SELECT protect_append_only('job_check_items');

-- What a reviewer found of each item.
CREATE TABLE review_answers (
    organization_id bigint NOT NULL,
    review_id bigint NOT NULL,
    position smallint NOT NULL,
    job_id bigint NOT NULL,
    number integer NOT NULL,
    answer text NOT NULL CHECK (answer IN ('yes', 'no', 'not_applicable')),
    PRIMARY KEY (organization_id, review_id, position),
    FOREIGN KEY (organization_id, review_id) REFERENCES reviews (organization_id, id),
    FOREIGN KEY (organization_id, job_id, number, position)
        REFERENCES job_check_items (organization_id, job_id, number, position)
);
CREATE INDEX review_answers_of_item ON review_answers (organization_id, job_id, number, position);
SELECT protect_append_only('review_answers');
