-- Why: how good work looks was described in words alone; now examples and templates lie with the job, for everybody it is offered to.

SET LOCAL lock_timeout = '2s';

CREATE TABLE job_samples (
    organization_id bigint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    job_id bigint NOT NULL,
    kind text NOT NULL CHECK (kind IN ('good', 'bad', 'template')),
    file_id bigint NOT NULL,
    -- What to look at in it.
    note text NOT NULL DEFAULT '' CHECK (length(note) <= 1000),
    added_by bigint NOT NULL,
    added_at timestamptz NOT NULL,
    -- When it was taken away; nobody but those who run the work reads it then.
    removed_at timestamptz,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, job_id) REFERENCES jobs (organization_id, id),
    FOREIGN KEY (organization_id, file_id) REFERENCES files (organization_id, id),
    FOREIGN KEY (organization_id, added_by) REFERENCES persons (organization_id, id)
);
CREATE INDEX job_samples_of_job ON job_samples (organization_id, job_id, id);
CREATE INDEX job_samples_of_file ON job_samples (organization_id, file_id);
CREATE INDEX job_samples_added_by ON job_samples (organization_id, added_by);
SELECT protect('job_samples');
SELECT audited('job_samples', 'job_id', 'kind', 'file_id', 'removed_at');
