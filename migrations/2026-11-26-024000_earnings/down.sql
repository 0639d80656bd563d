-- Why: back to pay worked out from where the unit stands.

SET LOCAL lock_timeout = '2s';

DROP INDEX units_offered_days;
DROP TABLE earnings;
