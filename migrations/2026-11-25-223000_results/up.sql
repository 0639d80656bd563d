-- Why: what a client gets and what only the checker reads stood in one field, and a version held one file at most.

SET LOCAL lock_timeout = '2s';

ALTER TABLE submissions RENAME COLUMN note TO memo;
ALTER TABLE submissions RENAME CONSTRAINT submissions_note_check TO submissions_memo_check;
-- What the client gets in words. `memo` never leaves the town.
ALTER TABLE submissions ADD COLUMN result_text text NOT NULL DEFAULT '' CHECK (length(result_text) <= 10000);
-- Work done elsewhere, such as in the client's own system, has neither: a delivery asks before it goes out.
ALTER TABLE submissions DROP CONSTRAINT submissions_check;
-- Where there was no file, the note was the result.
UPDATE submissions SET result_text = memo, memo = '' WHERE file_id IS NULL;

CREATE TABLE submission_files (
    organization_id bigint NOT NULL,
    submission_id bigint NOT NULL,
    position smallint NOT NULL CHECK (position > 0),
    file_id bigint NOT NULL,
    PRIMARY KEY (organization_id, submission_id, position),
    UNIQUE (organization_id, submission_id, file_id),
    FOREIGN KEY (organization_id, submission_id) REFERENCES submissions (organization_id, id),
    FOREIGN KEY (organization_id, file_id) REFERENCES files (organization_id, id)
);
CREATE INDEX submission_files_file ON submission_files (organization_id, file_id);
SELECT protect_append_only('submission_files');
INSERT INTO submission_files (organization_id, submission_id, position, file_id)
    SELECT organization_id, id, 1, file_id FROM submissions WHERE file_id IS NOT NULL;
ALTER TABLE submissions DROP COLUMN file_id;
