-- Why: back to dead addresses alone.

SET LOCAL lock_timeout = '2s';

DELETE FROM message_events WHERE kind IN ('delayed', 'suppressed');
ALTER TABLE message_events DROP CONSTRAINT message_events_kind_check;
ALTER TABLE message_events ADD CONSTRAINT message_events_kind_check CHECK (kind IN ('opened', 'link_used', 'bounced',
    'complained', 'replaced', 'superseded', 'unwanted', 'cancelled', 'held', 'released', 'resent'));

DELETE FROM mail_suppressions WHERE message_id IS NULL OR category IS NOT NULL OR expires_at IS NOT NULL;
DROP INDEX mail_suppressions_live;
CREATE UNIQUE INDEX mail_suppressions_live ON mail_suppressions (organization_id, address_key) WHERE lifted_at IS NULL;
ALTER TABLE mail_suppressions
    DROP CONSTRAINT mail_suppressions_grounds,
    DROP COLUMN reason,
    DROP COLUMN category,
    DROP COLUMN expires_at,
    DROP COLUMN note,
    DROP COLUMN added_by,
    ALTER COLUMN message_id SET NOT NULL;
