-- Why: when bulk edits of contacts came, the rule of the rows that are done went with the rules of the kinds: its name was taken
-- for theirs. More rows cannot be done than there are.
SET LOCAL lock_timeout = '2s';
ALTER TABLE bulk_edits ADD CONSTRAINT bulk_edits_done_of_total CHECK (rows_done BETWEEN 0 AND rows_total);
