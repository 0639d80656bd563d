-- Why: whether a daily mail was on its way was guessed from what waited; one that died ended the person's mail for good.

SET LOCAL lock_timeout = '2s';

-- When the daily mail that will tell it is due: the task of that time exists. What waits already is due now.
ALTER TABLE mail_digest_items ADD COLUMN due_at timestamptz NOT NULL DEFAULT now();
ALTER TABLE mail_digest_items ALTER COLUMN due_at DROP DEFAULT;
