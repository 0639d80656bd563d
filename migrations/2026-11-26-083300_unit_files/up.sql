-- Why: units could be made of rows of text alone; a folder of scans had to be handed out by other ways. Now each file is a unit, and whoever has it reads it.

SET LOCAL lock_timeout = '2s';

-- What a unit is worked from, beside its text.
CREATE TABLE unit_files (
    organization_id bigint NOT NULL,
    unit_id bigint NOT NULL,
    file_id bigint NOT NULL,
    PRIMARY KEY (organization_id, unit_id, file_id),
    FOREIGN KEY (organization_id, unit_id) REFERENCES units (organization_id, id),
    FOREIGN KEY (organization_id, file_id) REFERENCES files (organization_id, id)
);
CREATE INDEX unit_files_of_file ON unit_files (organization_id, file_id);
SELECT protect_append_only('unit_files');
