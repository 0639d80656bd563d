SET LOCAL lock_timeout = '2s';

ALTER TABLE deal_events DISABLE TRIGGER USER;
UPDATE deal_events SET note = '' WHERE kind = 'lost';
ALTER TABLE deal_events ENABLE TRIGGER USER;
ALTER TABLE deal_events DROP COLUMN lost_reason;
