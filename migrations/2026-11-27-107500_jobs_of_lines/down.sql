-- Why: back to orders whose pieces all count the same.
DROP INDEX jobs_of_line;
ALTER TABLE jobs DROP CONSTRAINT jobs_order_line;
ALTER TABLE jobs DROP COLUMN order_line;
