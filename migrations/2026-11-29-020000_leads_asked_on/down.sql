-- Why: back to leads that know only the day they were entered.

SET LOCAL lock_timeout = '2s';

ALTER TABLE leads DROP COLUMN asked_on;
