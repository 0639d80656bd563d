-- Why: how work is to be done was one text that changed without a trace; now each wording stays, and papers and versions name the one they were made under.

SET LOCAL lock_timeout = '2s';

-- Every wording of a job's rules, from 1; the newest is the text of its job.
CREATE TABLE work_rules (
    organization_id bigint NOT NULL,
    job_id bigint NOT NULL,
    number integer NOT NULL CHECK (number >= 1),
    text text NOT NULL CHECK (length(text) BETWEEN 1 AND 10000),
    -- Why it was changed, for those who work by it.
    note text NOT NULL DEFAULT '' CHECK (length(note) <= 2000),
    -- Who changed it; none for what was written before versions were kept.
    changed_by bigint,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (organization_id, job_id, number),
    FOREIGN KEY (organization_id, job_id) REFERENCES jobs (organization_id, id),
    FOREIGN KEY (organization_id, changed_by) REFERENCES persons (organization_id, id)
);
CREATE INDEX work_rules_changed_by ON work_rules (organization_id, changed_by);
SELECT protect_append_only('work_rules');

ALTER TABLE jobs ADD COLUMN rules_number integer NOT NULL DEFAULT 1 CHECK (rules_number >= 1);
INSERT INTO work_rules (organization_id, job_id, number, text, changed_at)
    SELECT organization_id, id, 1, rules, created_at FROM jobs ORDER BY organization_id, id;

-- What was agreed to before is the first version: it is the only one there was.
ALTER TABLE terms_notices ADD COLUMN rules_number integer NOT NULL DEFAULT 1;
ALTER TABLE terms_notices ADD CONSTRAINT terms_notices_rules
    FOREIGN KEY (organization_id, job_id, rules_number) REFERENCES work_rules (organization_id, job_id, number);
CREATE INDEX terms_notices_of_rules ON terms_notices (organization_id, job_id, rules_number);

-- The newest wording its maker had agreed to or read; none of work from before.
ALTER TABLE submissions ADD COLUMN rules_number integer CHECK (rules_number >= 1);

-- The newest wording somebody says they have read.
CREATE TABLE rules_readings (
    organization_id bigint NOT NULL,
    job_id bigint NOT NULL,
    person_id bigint NOT NULL,
    number integer NOT NULL,
    read_at timestamptz NOT NULL,
    PRIMARY KEY (organization_id, job_id, person_id),
    FOREIGN KEY (organization_id, job_id, number) REFERENCES work_rules (organization_id, job_id, number),
    FOREIGN KEY (organization_id, person_id) REFERENCES persons (organization_id, id)
);
CREATE INDEX rules_readings_of_rules ON rules_readings (organization_id, job_id, number);
CREATE INDEX rules_readings_of_person ON rules_readings (organization_id, person_id);
SELECT protect('rules_readings');
