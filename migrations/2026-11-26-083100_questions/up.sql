-- Why: whoever did not understand the rules wrote a mail that nobody else saw; now each job has one thread that everybody on it reads, and answers become rules.

SET LOCAL lock_timeout = '2s';

-- Within how many hours, counted from 08:00 to 20:00 alone, questions about work are to be answered.
ALTER TABLE organizations ADD COLUMN question_hours smallint NOT NULL DEFAULT 12 CHECK (question_hours BETWEEN 1 AND 120);

CREATE TABLE job_questions (
    organization_id bigint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    job_id bigint NOT NULL,
    -- Known to coordination alone.
    asked_by bigint NOT NULL,
    text text NOT NULL CHECK (length(text) BETWEEN 1 AND 2000),
    asked_at timestamptz NOT NULL,
    -- By when it is to be answered, as the town said when it was asked.
    answer_by timestamptz NOT NULL CHECK (answer_by > asked_at),
    -- When it was answered first.
    answered_at timestamptz,
    -- When coordination was told that nobody has answered it.
    alerted_at timestamptz,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, job_id) REFERENCES jobs (organization_id, id),
    FOREIGN KEY (organization_id, asked_by) REFERENCES persons (organization_id, id)
);
CREATE INDEX job_questions_of_job ON job_questions (organization_id, job_id, id);
CREATE INDEX job_questions_asked_by ON job_questions (organization_id, asked_by);
CREATE INDEX job_questions_open ON job_questions (organization_id, answer_by, id) WHERE answered_at IS NULL;
SELECT protect('job_questions');
-- What was asked is not rewritten.
REVOKE UPDATE, DELETE ON job_questions FROM yui_app;
GRANT UPDATE (answered_at, alerted_at) ON job_questions TO yui_app;
SELECT audited('job_questions', 'job_id', 'asked_by', 'answered_at');

CREATE TABLE job_answers (
    organization_id bigint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    question_id bigint NOT NULL,
    text text NOT NULL CHECK (length(text) BETWEEN 1 AND 4000),
    answered_by bigint NOT NULL,
    answered_at timestamptz NOT NULL,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, question_id) REFERENCES job_questions (organization_id, id),
    FOREIGN KEY (organization_id, answered_by) REFERENCES persons (organization_id, id)
);
CREATE INDEX job_answers_of_question ON job_answers (organization_id, question_id, id);
CREATE INDEX job_answers_by ON job_answers (organization_id, answered_by);
SELECT protect_append_only('job_answers');

-- The question whose answer made this wording.
ALTER TABLE work_rules ADD COLUMN question_id bigint;
ALTER TABLE work_rules ADD CONSTRAINT work_rules_question
    FOREIGN KEY (organization_id, question_id) REFERENCES job_questions (organization_id, id);
CREATE INDEX work_rules_of_question ON work_rules (organization_id, question_id);
