ALTER TABLE messages DROP COLUMN turn_at;
