-- Why: what somebody handed in this week counts against their week's limit; it is read at every claim, round and look at an order, for one person and for all.

SET LOCAL lock_timeout = '2s';

CREATE INDEX submissions_submitted ON submissions (organization_id, submitted_at);
CREATE INDEX submissions_maker_submitted ON submissions (organization_id, maker_id, submitted_at);
