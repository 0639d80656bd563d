-- Why: an address is left alone for a reason, for one sort of mail or for all, and for a while or for good; notices of
-- non-delivery and reports of spam that come to the bounce mailbox say so by themselves, and people can say it too.

SET LOCAL lock_timeout = '2s';

ALTER TABLE mail_suppressions
    -- refused: a relay's word at once. bounced, full, complained: a notice that came later. manual: somebody's decision.
    ADD COLUMN reason text NOT NULL DEFAULT 'refused'
        CHECK (reason IN ('refused', 'bounced', 'full', 'complained', 'manual')),
    -- The one sort of mail that is meant; NULL: every sort that is not owed.
    ADD COLUMN category text CHECK (category IN ('account', 'legal', 'work', 'digest', 'commercial')),
    -- Until when; NULL: until somebody lifts it.
    ADD COLUMN expires_at timestamptz,
    -- Why somebody put it there.
    ADD COLUMN note text CHECK (length(note) BETWEEN 1 AND 400),
    -- Who did: `system` for notices, `person:42` for people.
    ADD COLUMN added_by text NOT NULL DEFAULT 'system',
    ALTER COLUMN message_id DROP NOT NULL,
    ADD CONSTRAINT mail_suppressions_grounds CHECK ((reason = 'manual') = (message_id IS NULL)
        AND (reason = 'manual') = (note IS NOT NULL));
ALTER TABLE mail_suppressions ALTER COLUMN reason DROP DEFAULT;
DROP INDEX mail_suppressions_live;
CREATE UNIQUE INDEX mail_suppressions_live ON mail_suppressions (organization_id, address_key, COALESCE(category, ''))
    WHERE lifted_at IS NULL;

ALTER TABLE message_events DROP CONSTRAINT message_events_kind_check;
ALTER TABLE message_events ADD CONSTRAINT message_events_kind_check CHECK (kind IN ('opened', 'link_used', 'bounced',
    'complained', 'delayed', 'replaced', 'superseded', 'unwanted', 'suppressed', 'cancelled', 'held', 'released', 'resent'));
