-- Why: back to one text that changes without a trace.
DROP TABLE rules_readings;
ALTER TABLE submissions DROP COLUMN rules_number;
ALTER TABLE terms_notices DROP COLUMN rules_number;
ALTER TABLE jobs DROP COLUMN rules_number;
DROP TABLE work_rules;
