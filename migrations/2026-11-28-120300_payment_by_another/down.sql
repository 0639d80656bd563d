-- Why: back to what the program alone keeps apart.
ALTER TABLE statements DROP CONSTRAINT statements_paid_by_another;
