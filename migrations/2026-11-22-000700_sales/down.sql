DROP TABLE quote_lines;
DROP TABLE quotes;
DROP TABLE activities;
DROP TABLE deal_events;
ALTER TABLE leads DROP CONSTRAINT leads_organization_id_deal_id_fkey;
DROP TABLE deals;
DROP TABLE leads;
DROP TABLE stages;
