SET LOCAL lock_timeout = '2s';

DROP FUNCTION search_message_ids(text[], text, integer);
DROP INDEX message_bytes_grams;
ALTER TABLE message_bytes DROP COLUMN searched;
