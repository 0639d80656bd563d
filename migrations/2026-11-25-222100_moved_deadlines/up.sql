-- Why: a job past its day was a dead end; its deadline moves now, and who moved it, from where and why stays known.

SET LOCAL lock_timeout = '2s';

CREATE TABLE job_extensions (
    organization_id bigint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    job_id bigint NOT NULL,
    from_day date NOT NULL,
    to_day date NOT NULL,
    note text NOT NULL DEFAULT '' CHECK (length(note) <= 2000),
    extended_by bigint NOT NULL,
    extended_at timestamptz NOT NULL,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, job_id) REFERENCES jobs (organization_id, id),
    FOREIGN KEY (organization_id, extended_by) REFERENCES persons (organization_id, id),
    CHECK (to_day > from_day)
);
CREATE INDEX job_extensions_of_job ON job_extensions (organization_id, job_id, id);
CREATE INDEX job_extensions_by ON job_extensions (organization_id, extended_by);
SELECT protect_append_only('job_extensions');
