-- Why: what somebody was writing lived in one tab of one browser; now it is kept with the unit, for its person alone, until it is handed in.

SET LOCAL lock_timeout = '2s';

CREATE TABLE unit_drafts (
    organization_id bigint NOT NULL,
    unit_id bigint NOT NULL,
    person_id bigint NOT NULL,
    result_text text NOT NULL CHECK (length(result_text) <= 10000),
    memo text NOT NULL CHECK (length(memo) <= 10000),
    -- Counts its changes, so that two pages never overwrite each other unseen.
    version integer NOT NULL CHECK (version > 0),
    -- The page it was last saved from: whoever goes on there competes with nobody.
    saved_in text NOT NULL CHECK (length(saved_in) <= 100),
    saved_at timestamptz NOT NULL,
    PRIMARY KEY (organization_id, unit_id, person_id),
    FOREIGN KEY (organization_id, unit_id) REFERENCES units (organization_id, id),
    FOREIGN KEY (organization_id, person_id) REFERENCES persons (organization_id, id)
);
CREATE INDEX unit_drafts_of_person ON unit_drafts (organization_id, person_id);
CREATE INDEX unit_drafts_saved ON unit_drafts (organization_id, saved_at);
SELECT protect('unit_drafts');

CREATE TABLE unit_draft_files (
    organization_id bigint NOT NULL,
    unit_id bigint NOT NULL,
    person_id bigint NOT NULL,
    file_id bigint NOT NULL,
    PRIMARY KEY (organization_id, unit_id, person_id, file_id),
    FOREIGN KEY (organization_id, unit_id, person_id)
        REFERENCES unit_drafts (organization_id, unit_id, person_id) ON DELETE CASCADE,
    FOREIGN KEY (organization_id, file_id) REFERENCES files (organization_id, id)
);
CREATE INDEX unit_draft_files_of_file ON unit_draft_files (organization_id, file_id);
SELECT protect('unit_draft_files');
