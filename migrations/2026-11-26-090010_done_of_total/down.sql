-- Why: back to rows that nobody counts.
SET LOCAL lock_timeout = '2s';
ALTER TABLE bulk_edits DROP CONSTRAINT bulk_edits_done_of_total;
