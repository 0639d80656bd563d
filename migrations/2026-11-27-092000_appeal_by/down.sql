-- Why: back to counting the last day anew.
ALTER TABLE reviews DROP COLUMN appeal_by;
