-- Why: back to mails alone.

SET LOCAL lock_timeout = '2s';

DROP TABLE notice_reads;
