-- Why: back to files that name nothing twice.

SET LOCAL lock_timeout = '2s';

ALTER TABLE import_rows DROP COLUMN repeats_line;
