SET LOCAL lock_timeout = '2s';

ALTER TABLE leads DROP COLUMN disqualified_note;
