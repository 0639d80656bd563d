-- Why: nothing said how a first-come job was given out, and nobody was told when nobody took it: it now opens to everybody whom
-- it fits as the pool of a fair job does, with the same record of who was told and why the others were not.

SET LOCAL lock_timeout = '2s';

-- The column now says since when anybody whom a job fits may take what waits of it, whatever its rule. Jobs offered from before
-- have no such moment and no record; they stay as they are until they are offered again.
ALTER TABLE jobs DROP CONSTRAINT jobs_pools_are_of_fair_jobs;
ALTER TABLE jobs ADD CONSTRAINT jobs_lines_are_of_fair_jobs CHECK (offer_rule = 'fair' OR offer_wave = 0);
-- Whoever looks after jobs now looks at all that are offered, by `jobs_offered`.
DROP INDEX jobs_fair;
