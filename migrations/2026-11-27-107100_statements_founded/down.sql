-- Why: back to lines that come to their total, whatever was earned.
DROP TRIGGER statements_founded ON statements;
DROP FUNCTION forbid_unfounded_head();
DROP TRIGGER pay_deductions_founded ON pay_deductions;
DROP TRIGGER statement_versions_founded ON statement_versions;
DROP FUNCTION forbid_unfounded_version();
DROP FUNCTION forbid_unfounded_statement(bigint, bigint);
DROP TRIGGER statement_lines_issued ON statement_lines;
DROP FUNCTION forbid_late_statement_lines();
DROP TRIGGER statement_earnings_own ON statement_earnings;
DROP FUNCTION forbid_foreign_earnings();
ALTER TABLE statement_earnings DROP CONSTRAINT statement_earnings_issued;
DROP INDEX statement_earnings_of;
CREATE INDEX statement_earnings_of ON statement_earnings (organization_id, statement_id);
ALTER TABLE statement_earnings DROP COLUMN version;
