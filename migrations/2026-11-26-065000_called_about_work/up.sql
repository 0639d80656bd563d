-- Why: a worker without a mail address heard of a moved deadline or a returned unit only by looking; they are called now.

SET LOCAL lock_timeout = '2s';

-- What sort of mail could not be written; an entry for a mail finds that in the mail.
ALTER TABLE mail_calls
    ADD COLUMN category text CHECK (category IN ('legal', 'work'));
UPDATE mail_calls SET category = 'legal' WHERE message_id IS NULL;
ALTER TABLE mail_calls
    DROP CONSTRAINT mail_calls_of_mail_or_person,
    ADD CONSTRAINT mail_calls_of_mail_or_person CHECK (
        num_nonnulls(event_id, person_id, name, language, subject, category)
            = CASE WHEN message_id IS NULL THEN 6 ELSE 0 END
        AND (message_id IS NULL OR concerns IS NULL)
        AND (message_id IS NULL) = (reason = 'unmailable'));
