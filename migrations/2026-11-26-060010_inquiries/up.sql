-- Why: a company that looks for help writes to the town by itself; the town says until when it answers, and sees whether it has.

SET LOCAL lock_timeout = '2s';

-- Within how many business days the town promises a first answer; NULL: it promises none and has no form for inquiries.
ALTER TABLE organizations ADD COLUMN answer_days smallint DEFAULT 2 CHECK (answer_days BETWEEN 1 AND 20);

ALTER TABLE leads
    -- The day by which somebody who wrote or called was promised a first answer.
    ADD COLUMN answer_by date,
    -- The language of the public form it came through; NULL where somebody of the town entered it.
    ADD COLUMN inquired_in text CHECK (inquired_in IN ('ja', 'en'));
CREATE INDEX leads_unanswered ON leads (organization_id, answer_by, id) WHERE state = 'new' AND answer_by IS NOT NULL;
