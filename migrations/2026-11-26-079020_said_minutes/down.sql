DROP INDEX submissions_with_minutes;
ALTER TABLE submissions DROP COLUMN minutes;
