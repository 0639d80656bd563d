-- Why: one town's twenty thousand mails were claimed before another town's one; each town has a lane of its own.

SET LOCAL lock_timeout = '2s';

DROP INDEX messages_due;
-- A lane is an urgency and a town: the claim looks into each from its beginning.
CREATE INDEX messages_due ON messages (urgency, organization_id, not_before, id) WHERE state IN ('queued', 'deferred');
-- What came due outside its reader's hours, over all lanes.
CREATE INDEX messages_resting ON messages (not_before) WHERE state IN ('queued', 'deferred') AND zone IS NOT NULL;
