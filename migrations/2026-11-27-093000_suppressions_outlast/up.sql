-- Why: an address that a relay calls dead was left alone for a while already; the sender makes that entry one without an end.

SET LOCAL lock_timeout = '2s';

GRANT UPDATE (message_id, since, reason, expires_at, note, added_by) ON mail_suppressions TO yui_queue;
