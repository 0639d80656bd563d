-- Why: what one address got lately is asked at every mail; the index ended in the id, so all that ever went there was read.

SET LOCAL lock_timeout = '2s';

DROP INDEX messages_of_address;
CREATE INDEX messages_latest_to ON messages (organization_id, to_address, category, not_before);
