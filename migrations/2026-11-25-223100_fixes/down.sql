DROP INDEX units_to_decide;
DROP TABLE fix_decisions;
ALTER TABLE units DROP COLUMN due_on;
