DROP TRIGGER audit_insert ON jobs;
DROP TRIGGER audit_update ON jobs;
DROP TRIGGER audit_delete ON jobs;
ALTER TABLE jobs ADD COLUMN pay_on date;
UPDATE jobs SET pay_on = GREATEST(work_due_on, LEAST(work_due_on + 59,
    (date_trunc('month', work_due_on) + interval '1 month')::date + pay_day - 1));
ALTER TABLE jobs ALTER COLUMN pay_on SET NOT NULL;
ALTER TABLE jobs ADD CHECK (pay_on >= work_due_on);
ALTER TABLE jobs ADD CONSTRAINT jobs_paid_within_60_days CHECK (pay_on <= work_due_on + 59);
ALTER TABLE jobs DROP COLUMN pay_day;
SELECT audited('jobs', 'order_id', 'state', 'unit_minutes', 'unit_pay', 'skill_id', 'work_due_on', 'pay_on');
