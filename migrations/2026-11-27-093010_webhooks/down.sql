-- Why: back to mails alone; what programs were told is forgotten.

SET LOCAL lock_timeout = '2s';

DROP TABLE webhook_deliveries;
DROP TABLE webhook_endpoints;
