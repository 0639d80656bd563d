-- Why: the last day of appealing against a refusal moved when the town changed its number of days; now it is kept with the refusal.

SET LOCAL lock_timeout = '2s';

-- The last business day on which a refusal is appealed against. None of refusals from before: theirs is counted.
ALTER TABLE reviews ADD COLUMN appeal_by date CONSTRAINT reviews_appeal_by_of_refusals CHECK (appeal_by IS NULL OR verdict = 'reject');
