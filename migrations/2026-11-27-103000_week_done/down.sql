SET LOCAL lock_timeout = '2s';

DROP INDEX submissions_maker_submitted;
DROP INDEX submissions_submitted;
