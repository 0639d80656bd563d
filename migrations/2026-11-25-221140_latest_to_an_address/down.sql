DROP INDEX messages_latest_to;
CREATE INDEX messages_of_address ON messages (organization_id, to_address, id);
