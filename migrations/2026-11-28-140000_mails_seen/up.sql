-- Why: a mail that ended badly stood among those to look at for a month, whatever people did about it; and a mail that
-- could not come in time was written all the same, and expired.

SET LOCAL lock_timeout = '2s';

ALTER TABLE message_events DROP CONSTRAINT message_events_kind_check;
ALTER TABLE message_events ADD CONSTRAINT message_events_kind_check CHECK (kind IN ('opened', 'link_used', 'bounced',
    'complained', 'delayed', 'replaced', 'superseded', 'unwanted', 'suppressed', 'too_late', 'cancelled', 'held',
    'released', 'resent', 'seen'));
