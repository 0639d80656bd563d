-- Why: how long a unit takes was guessed once and never heard of again; now whoever made it may say so, and nobody has to.

SET LOCAL lock_timeout = '2s';

-- Minutes its maker says the unit took. Self-employed people account for no time: nothing depends on it.
ALTER TABLE submissions ADD COLUMN minutes integer CONSTRAINT submissions_said_minutes CHECK (minutes BETWEEN 1 AND 6000);
CREATE INDEX submissions_with_minutes ON submissions (organization_id, unit_id, id) WHERE minutes IS NOT NULL;
