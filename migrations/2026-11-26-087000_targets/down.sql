-- Why: back to targets that stand in somebody's workbook.
DROP TABLE targets;
DROP TABLE target_plans;
ALTER TABLE organizations DROP COLUMN fiscal_start_month;
