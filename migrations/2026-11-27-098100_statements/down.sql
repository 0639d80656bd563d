-- Why: back to a list of what was earned.
DROP TABLE statement_lines;
DROP TABLE statement_versions;
DROP TABLE statement_earnings;
DROP TABLE statements;
DROP TABLE pay_closings;
DROP FUNCTION forbid_wrong_statement_sums();
DROP FUNCTION forbid_changing_paid_statements();
