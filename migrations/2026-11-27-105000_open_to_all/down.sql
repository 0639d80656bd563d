CREATE INDEX jobs_fair ON jobs (organization_id, id) WHERE state = 'offered' AND offer_rule = 'fair';
UPDATE jobs SET pool_opened_at = NULL, pool_alerted_at = NULL WHERE offer_rule = 'first_come' AND pool_opened_at IS NOT NULL;
ALTER TABLE jobs DROP CONSTRAINT jobs_lines_are_of_fair_jobs;
ALTER TABLE jobs ADD CONSTRAINT jobs_pools_are_of_fair_jobs
    CHECK (offer_rule = 'fair' OR (offer_wave = 0 AND pool_opened_at IS NULL));
