DROP INDEX leads_due;
ALTER TABLE leads DROP CONSTRAINT leads_next_action_has_a_day;
ALTER TABLE leads DROP COLUMN next_action_on;
ALTER TABLE leads DROP COLUMN next_action;
DROP TABLE lead_contacts;
