-- Why: pay was due within 60 days of the deadline, but the law counts from receipt, and work may be handed in early.

SET LOCAL lock_timeout = '2s';

DROP TRIGGER audit_insert ON jobs;
DROP TRIGGER audit_update ON jobs;
DROP TRIGGER audit_delete ON jobs;

-- The day of the month after receipt. Received on the first of a month of 31 days, work is paid on the 28th as its
-- 59th day (Freelance Act art. 4: within 60, the day of receipt being the first).
ALTER TABLE jobs ADD COLUMN pay_day smallint;
UPDATE jobs SET pay_day = LEAST(28, GREATEST(10, extract(day FROM pay_on)));
ALTER TABLE jobs ALTER COLUMN pay_day SET NOT NULL;
ALTER TABLE jobs ADD CONSTRAINT jobs_paid_within_60_days_of_receipt CHECK (pay_day BETWEEN 10 AND 28);
ALTER TABLE jobs DROP COLUMN pay_on;

SELECT audited('jobs', 'order_id', 'state', 'unit_minutes', 'unit_pay', 'skill_id', 'work_due_on', 'pay_day');
