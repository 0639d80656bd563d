-- Why: back to senders that only add.

SET LOCAL lock_timeout = '2s';

REVOKE UPDATE (message_id, since, reason, expires_at, note, added_by) ON mail_suppressions FROM yui_queue;
