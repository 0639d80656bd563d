ALTER TABLE submissions ADD COLUMN file_id bigint;
UPDATE submissions s SET file_id = f.file_id FROM submission_files f
    WHERE f.organization_id = s.organization_id AND f.submission_id = s.id AND f.position = 1;
DROP TABLE submission_files;
UPDATE submissions SET memo = CASE
    WHEN memo = '' THEN result_text
    WHEN result_text = '' THEN memo
    ELSE left(result_text || E'\n' || memo, 10000) END;
ALTER TABLE submissions ADD FOREIGN KEY (organization_id, file_id) REFERENCES files (organization_id, id);
CREATE INDEX submissions_file ON submissions (organization_id, file_id);
ALTER TABLE submissions DROP COLUMN result_text;
ALTER TABLE submissions RENAME CONSTRAINT submissions_memo_check TO submissions_note_check;
ALTER TABLE submissions RENAME COLUMN memo TO note;
ALTER TABLE submissions ADD CONSTRAINT submissions_check CHECK (file_id IS NOT NULL OR note <> '');
