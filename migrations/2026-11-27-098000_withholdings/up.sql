-- Why: whether income tax is withheld from the pay of a job was written nowhere, and the tax office asks by kind of work.

SET LOCAL lock_timeout = '2s';

-- What kind of work a job is and whether tax is withheld from its pay; the newest counts, and each stays.
CREATE TABLE job_withholdings (
    organization_id bigint NOT NULL,
    job_id bigint NOT NULL,
    number integer NOT NULL CHECK (number >= 1),
    kind text NOT NULL CHECK (kind IN ('data_entry', 'addressing', 'scanning', 'phone_desk', 'summary_writing',
        'sign_language', 'marking', 'selecting', 'manuscript', 'copywriting', 'illustration', 'lettering', 'design',
        'plates', 'photograph', 'composing', 'narration', 'script', 'translation', 'interpreting', 'proofreading',
        'binding', 'shorthand', 'lecture', 'teaching', 'transcription', 'web_design', 'other')),
    withheld boolean NOT NULL,
    -- Why, where the kind's own rule says otherwise or nothing.
    reason text NOT NULL CHECK (length(reason) <= 2000),
    decided_by bigint NOT NULL,
    decided_at timestamptz NOT NULL,
    PRIMARY KEY (organization_id, job_id, number),
    FOREIGN KEY (organization_id, job_id) REFERENCES jobs (organization_id, id),
    FOREIGN KEY (organization_id, decided_by) REFERENCES persons (organization_id, id)
);
CREATE INDEX job_withholdings_by ON job_withholdings (organization_id, decided_by);
SELECT protect_append_only('job_withholdings');
SELECT audited('job_withholdings', 'job_id', 'number', 'kind', 'withheld', 'decided_by');
