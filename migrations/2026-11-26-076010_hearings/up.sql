-- Why: what a client said of their work (how much, by when, with what, whose data) stood in notes, each in another order, and whoever quoted asked it again.

SET LOCAL lock_timeout = '2s';

-- One sheet for each kind of work that a deal is about. Empty, and null, is what has not been asked yet.
CREATE TABLE hearings (
    organization_id bigint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    deal_id bigint NOT NULL,
    job_kind text NOT NULL CHECK (length(job_kind) BETWEEN 1 AND 200),
    volume text NOT NULL DEFAULT '' CHECK (length(volume) <= 200),
    deadline text NOT NULL DEFAULT '' CHECK (length(deadline) <= 200),
    personal_data text CHECK (personal_data IN ('yes', 'no')),
    tools text NOT NULL DEFAULT '' CHECK (length(tools) <= 500),
    note text NOT NULL DEFAULT '' CHECK (length(note) <= 4000),
    person_id bigint NOT NULL,
    created_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, deal_id) REFERENCES deals (organization_id, id),
    FOREIGN KEY (organization_id, person_id) REFERENCES persons (organization_id, id)
);
CREATE INDEX hearings_of_deal ON hearings (organization_id, deal_id, id);
CREATE INDEX hearings_person ON hearings (organization_id, person_id);
SELECT protect('hearings');
SELECT audited('hearings', 'deal_id', 'personal_data');

-- Samples that the client gave.
CREATE TABLE hearing_files (
    organization_id bigint NOT NULL,
    hearing_id bigint NOT NULL,
    file_id bigint NOT NULL,
    PRIMARY KEY (organization_id, hearing_id, file_id),
    FOREIGN KEY (organization_id, hearing_id) REFERENCES hearings (organization_id, id),
    FOREIGN KEY (organization_id, file_id) REFERENCES files (organization_id, id)
);
CREATE INDEX hearing_files_file ON hearing_files (organization_id, file_id);
SELECT protect_append_only('hearing_files');
