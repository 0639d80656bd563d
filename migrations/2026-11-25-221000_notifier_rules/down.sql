DROP TABLE mail_texts, mail_calls, mail_suppressions, mail_digest_items, mail_consents, mail_settings, message_events;
DROP INDEX messages_due, messages_doubted, messages_of_address, messages_concerning, messages_legal_lost, messages_legal_taken;
ALTER TABLE messages
    DROP COLUMN urgency, DROP COLUMN opens, DROP COLUMN closes, DROP COLUMN zone, DROP COLUMN concerns,
    DROP COLUMN text_version;
CREATE INDEX messages_due ON messages (not_before, id) WHERE state IN ('queued', 'deferred', 'unknown');
DROP FUNCTION within_hours(timestamptz, text, integer, integer);
