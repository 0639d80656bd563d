ALTER TABLE mail_calls DROP CONSTRAINT mail_calls_of_mail_or_person;
DELETE FROM mail_calls WHERE category = 'work';
ALTER TABLE mail_calls
    ADD CONSTRAINT mail_calls_of_mail_or_person CHECK (
        num_nonnulls(event_id, person_id, name, language, subject) = CASE WHEN message_id IS NULL THEN 5 ELSE 0 END
        AND (message_id IS NULL OR concerns IS NULL)
        AND (message_id IS NULL) = (reason = 'unmailable')),
    DROP COLUMN category;
