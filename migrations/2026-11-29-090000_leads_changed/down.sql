-- Why: back to leads that do not know when they last changed.

SET LOCAL lock_timeout = '2s';

ALTER TABLE leads DROP COLUMN changed_at;
