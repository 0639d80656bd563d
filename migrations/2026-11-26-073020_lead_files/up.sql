-- Why: who asks for work has a sample of it at hand, and without it the first answer is a question.

SET LOCAL lock_timeout = '2s';

CREATE TABLE lead_files (
    organization_id bigint NOT NULL,
    lead_id bigint NOT NULL,
    file_id bigint NOT NULL,
    PRIMARY KEY (organization_id, lead_id, file_id),
    FOREIGN KEY (organization_id, lead_id) REFERENCES leads (organization_id, id),
    FOREIGN KEY (organization_id, file_id) REFERENCES files (organization_id, id)
);
CREATE INDEX lead_files_file ON lead_files (organization_id, file_id);
SELECT protect_append_only('lead_files');
