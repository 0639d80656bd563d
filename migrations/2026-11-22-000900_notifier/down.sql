DROP TABLE sandbox_mails;
DROP TABLE message_attempts;
DROP TABLE message_bytes;
DROP SEQUENCE message_leases;
DROP TABLE messages;
