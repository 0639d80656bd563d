-- Why: a calendar said of a lead that it last changed when somebody first got in touch, whatever was agreed on since: programs that
-- go by that time kept showing the old day.

SET LOCAL lock_timeout = '2s';

ALTER TABLE leads ADD COLUMN changed_at timestamptz NOT NULL DEFAULT now();

-- The newest of what is on record. Nobody did this to a lead, so the trail stays as it is.
ALTER TABLE leads DISABLE TRIGGER USER;
UPDATE leads SET changed_at = GREATEST(created_at, contacted_at, closed_at, (
    SELECT max(c.happened_at) FROM lead_contacts c WHERE c.organization_id = leads.organization_id AND c.lead_id = leads.id));
ALTER TABLE leads ENABLE TRIGGER USER;
