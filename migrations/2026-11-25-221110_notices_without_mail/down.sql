DROP INDEX messages_legal_lost;
CREATE INDEX messages_legal_lost ON messages (organization_id, id)
    WHERE category = 'legal' AND state IN ('rejected', 'dead', 'expired', 'bounced');

DROP INDEX mail_calls_person;
DROP INDEX mail_calls_event;
DROP INDEX mail_calls_of_event;
DELETE FROM mail_calls WHERE message_id IS NULL;
ALTER TABLE mail_calls
    DROP CONSTRAINT mail_calls_of_mail_or_person,
    DROP CONSTRAINT mail_calls_reason_check,
    ADD CONSTRAINT mail_calls_reason_check CHECK (reason IN ('not_delivered', 'bounced', 'not_read', 'address_dead')),
    DROP COLUMN concerns,
    DROP COLUMN subject,
    DROP COLUMN language,
    DROP COLUMN name,
    DROP COLUMN person_id,
    DROP COLUMN event_id,
    ALTER COLUMN message_id SET NOT NULL;
