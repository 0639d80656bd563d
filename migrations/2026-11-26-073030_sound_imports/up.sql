-- Why: two rows of a file could claim one corporate number under two outside ids, and taking an import back forgot what outside ids had led to before and who asked for it.

SET LOCAL lock_timeout = '2s';

-- What no two things of the town may share, beside what a row is recognised by.
ALTER TABLE import_rows ADD COLUMN unique_key text;
CREATE INDEX import_rows_by_unique_key ON import_rows (organization_id, import_id, unique_key, number)
    WHERE unique_key IS NOT NULL;
CREATE INDEX import_rows_by_target ON import_rows (organization_id, import_id, target_id) WHERE outcome IS NOT NULL;

ALTER TABLE imports
    ADD COLUMN undone_by bigint,
    ADD FOREIGN KEY (organization_id, undone_by) REFERENCES persons (organization_id, id);
CREATE INDEX imports_undone_by ON imports (organization_id, undone_by);

ALTER TABLE import_keys
    ADD COLUMN former_target_id bigint,
    ADD COLUMN former_import_id bigint,
    ADD CHECK ((former_target_id IS NULL) = (former_import_id IS NULL)),
    ADD FOREIGN KEY (organization_id, former_import_id) REFERENCES imports (organization_id, id);
CREATE INDEX import_keys_of_former_import ON import_keys (organization_id, former_import_id);
