DROP INDEX leads_due;
CREATE INDEX leads_due ON leads (organization_id, owner_id, next_action_on) WHERE next_action_on IS NOT NULL;
DROP TABLE todos;
