-- Why: back to keys behind the import.

SET LOCAL lock_timeout = '2s';
DROP INDEX import_rows_by_identity;
CREATE INDEX import_rows_by_identity ON import_rows (organization_id, import_id, identity, number);
DROP INDEX import_rows_by_unique_key;
CREATE INDEX import_rows_by_unique_key ON import_rows (organization_id, import_id, unique_key, number)
    WHERE unique_key IS NOT NULL;
