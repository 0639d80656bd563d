-- Why: back to imports that say what they would change by the row alone.

SET LOCAL lock_timeout = '2s';

ALTER TABLE import_rows DROP COLUMN changes;
