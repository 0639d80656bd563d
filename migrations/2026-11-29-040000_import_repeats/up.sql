-- Why: a file with a row for each contact names its company many times; every row after the first was refused, though it said
-- nothing that the first had not said.

SET LOCAL lock_timeout = '2s';

-- The line before it that says all that the row says; nothing is done about such a row.
ALTER TABLE import_rows ADD COLUMN repeats_line bigint;
