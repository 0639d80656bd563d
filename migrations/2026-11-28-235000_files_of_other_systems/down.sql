-- Why: back to imports that take the first row for the headers and compare rows with what is stored alone.

SET LOCAL lock_timeout = '2s';

ALTER TABLE import_rows
    DROP COLUMN like_site,
    DROP COLUMN like_reach,
    DROP COLUMN like_name,
    DROP COLUMN alike_lines;
ALTER TABLE import_columns DROP COLUMN beside;
ALTER TABLE imports DROP COLUMN beside, DROP COLUMN header_line;
