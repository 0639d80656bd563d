-- Why: a legal notice to somebody without a usable address, or one that a relay's policy holds up, was lost without a word.

SET LOCAL lock_timeout = '2s';

-- An entry without a mail says by itself whom to call about what.
ALTER TABLE mail_calls
    ALTER COLUMN message_id DROP NOT NULL,
    ADD COLUMN event_id bigint,
    ADD COLUMN person_id bigint,
    ADD COLUMN name text,
    ADD COLUMN language text CHECK (language IN ('ja', 'en')),
    ADD COLUMN subject text,
    ADD COLUMN concerns text CHECK (length(concerns) BETWEEN 1 AND 100),
    ADD FOREIGN KEY (organization_id, event_id) REFERENCES events (organization_id, id),
    ADD FOREIGN KEY (organization_id, person_id) REFERENCES persons (organization_id, id),
    DROP CONSTRAINT mail_calls_reason_check,
    ADD CONSTRAINT mail_calls_reason_check
        CHECK (reason IN ('not_delivered', 'bounced', 'not_read', 'address_dead', 'unmailable')),
    ADD CONSTRAINT mail_calls_of_mail_or_person CHECK (
        num_nonnulls(event_id, person_id, name, language, subject) = CASE WHEN message_id IS NULL THEN 5 ELSE 0 END
        AND (message_id IS NULL OR concerns IS NULL)
        AND (message_id IS NULL) = (reason = 'unmailable'));
CREATE UNIQUE INDEX mail_calls_of_event ON mail_calls (organization_id, event_id, person_id, concerns) NULLS NOT DISTINCT
    WHERE message_id IS NULL;
CREATE INDEX mail_calls_event ON mail_calls (organization_id, event_id);
CREATE INDEX mail_calls_person ON mail_calls (organization_id, person_id);

DROP INDEX messages_legal_lost;
CREATE INDEX messages_legal_lost ON messages (organization_id, id)
    WHERE category = 'legal' AND state IN ('rejected', 'dead', 'expired', 'bounced', 'held');
