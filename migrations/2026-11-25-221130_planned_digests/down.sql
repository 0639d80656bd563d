ALTER TABLE mail_digest_items DROP COLUMN due_at;
