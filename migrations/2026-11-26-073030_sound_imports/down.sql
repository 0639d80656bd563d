-- Why: back to imports that compare rows by one thing alone.

SET LOCAL lock_timeout = '2s';

ALTER TABLE import_keys DROP COLUMN former_import_id, DROP COLUMN former_target_id;
ALTER TABLE imports DROP COLUMN undone_by;
DROP INDEX import_rows_by_target;
ALTER TABLE import_rows DROP COLUMN unique_key;
