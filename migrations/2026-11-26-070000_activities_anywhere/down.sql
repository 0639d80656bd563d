ALTER TABLE lead_contacts DROP COLUMN kind;
DROP TRIGGER activities_to_standing_companies ON activities;
DROP TRIGGER activities_of_standing_companies ON activities;
DELETE FROM activities WHERE deal_id IS NULL;
ALTER TABLE activities DROP CONSTRAINT activities_about_one;
ALTER TABLE activities DROP COLUMN lead_id;
ALTER TABLE activities DROP COLUMN company_id;
ALTER TABLE activities ALTER COLUMN deal_id SET NOT NULL;
