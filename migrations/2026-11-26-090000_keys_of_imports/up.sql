-- Why: "which earlier line of this file says the same?" is asked for every row of a file that is just being read, when the
-- planner knows nothing of the table yet and reckons one row for any two columns. It took the primary key's index and
-- walked all rows before. With the key itself right after the town, only these indexes can answer.
SET LOCAL lock_timeout = '2s';
DROP INDEX import_rows_by_identity;
CREATE INDEX import_rows_by_identity ON import_rows (organization_id, identity, import_id, number)
    WHERE identity IS NOT NULL;
DROP INDEX import_rows_by_unique_key;
CREATE INDEX import_rows_by_unique_key ON import_rows (organization_id, unique_key, import_id, number)
    WHERE unique_key IS NOT NULL;
