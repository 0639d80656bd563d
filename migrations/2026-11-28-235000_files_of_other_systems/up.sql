-- Why: files of other systems have a title above their headers, two rows of one client, stages of their own and no next action; each
-- had to be mended by hand before it could come in.

SET LOCAL lock_timeout = '2s';

-- The line that names the columns; and what was said of the rows beside what the columns are.
ALTER TABLE imports
    ADD COLUMN header_line bigint CHECK (header_line > 0),
    ADD COLUMN beside jsonb NOT NULL DEFAULT '{}';
ALTER TABLE import_columns ADD COLUMN beside jsonb NOT NULL DEFAULT '{}';

-- The lines of its own file that a row looks like, and the signs by which it would; an index for each, with the sign right after
-- the town, as for what makes rows the same.
ALTER TABLE import_rows
    ADD COLUMN alike_lines jsonb,
    ADD COLUMN like_name text,
    ADD COLUMN like_reach text,
    ADD COLUMN like_site text;
CREATE INDEX import_rows_by_like_name ON import_rows (organization_id, like_name, import_id, number) WHERE like_name IS NOT NULL;
CREATE INDEX import_rows_by_like_reach ON import_rows (organization_id, like_reach, import_id, number) WHERE like_reach IS NOT NULL;
CREATE INDEX import_rows_by_like_site ON import_rows (organization_id, like_site, import_id, number) WHERE like_site IS NOT NULL;
