DROP INDEX leads_unanswered;
ALTER TABLE leads DROP COLUMN inquired_in;
ALTER TABLE leads DROP COLUMN answer_by;
ALTER TABLE organizations DROP COLUMN answer_days;
