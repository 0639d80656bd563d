-- Why: back to one share for a whole version.
COMMENT ON COLUMN statement_versions.deductible_percent IS NULL;
ALTER TABLE statement_lines DROP COLUMN deductible_percent;
