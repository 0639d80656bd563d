DROP TABLE message_troubles;
