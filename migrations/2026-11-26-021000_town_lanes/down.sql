SET LOCAL lock_timeout = '2s';

DROP INDEX messages_resting;
DROP INDEX messages_due;
CREATE INDEX messages_due ON messages (urgency, not_before, id) WHERE state IN ('queued', 'deferred');
