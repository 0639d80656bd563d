-- Why: how far targets are is on the first page of everybody who sells, and read every activity of the town (a million: 450 ms) and
-- every won deal, sorted.

SET LOCAL lock_timeout = '2s';

-- Calls and visits, by when they were.
CREATE INDEX activities_spoken ON activities (organization_id, happened_at)
    INCLUDE (kind, person_id) WHERE kind IN ('call', 'visit');

-- Which won deal was a company's first.
CREATE INDEX deals_first_won ON deals (organization_id, company_id, won_at, id)
    INCLUDE (owner_id, state) WHERE won_at IS NOT NULL;
