-- Why: what was said to a company before there was a deal, or noted on a lead, had no place and stayed in one head.

SET LOCAL lock_timeout = '2s';

ALTER TABLE activities ALTER COLUMN deal_id DROP NOT NULL;
ALTER TABLE activities ADD COLUMN company_id bigint;
ALTER TABLE activities ADD COLUMN lead_id bigint;
ALTER TABLE activities ADD FOREIGN KEY (organization_id, company_id) REFERENCES companies (organization_id, id);
ALTER TABLE activities ADD FOREIGN KEY (organization_id, lead_id) REFERENCES leads (organization_id, id);
ALTER TABLE activities ADD CONSTRAINT activities_about_one CHECK (num_nonnulls(deal_id, company_id, lead_id) = 1);
CREATE INDEX activities_of_company ON activities (organization_id, company_id, happened_at DESC, id DESC)
    WHERE company_id IS NOT NULL;
CREATE INDEX activities_of_lead ON activities (organization_id, lead_id, happened_at DESC, id DESC)
    WHERE lead_id IS NOT NULL;

CREATE TRIGGER activities_of_standing_companies BEFORE INSERT ON activities
    FOR EACH ROW WHEN (NEW.company_id IS NOT NULL) EXECUTE FUNCTION follow_merged_company();
CREATE TRIGGER activities_to_standing_companies BEFORE UPDATE OF company_id ON activities
    FOR EACH ROW WHEN (NEW.company_id IS DISTINCT FROM OLD.company_id AND NEW.company_id IS NOT NULL) EXECUTE FUNCTION follow_merged_company();

-- How somebody got in touch with a lead; before, it was not asked, and most of it were calls.
ALTER TABLE lead_contacts ADD COLUMN kind text NOT NULL DEFAULT 'call' CHECK (kind IN ('call', 'mail', 'visit', 'meeting'));
