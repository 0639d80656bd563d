DROP TABLE harassment_messages;
ALTER TABLE harassment_readers DROP CONSTRAINT harassment_readers_organization_id_report_id_fkey;
DROP TABLE harassment_reports;
DROP TABLE harassment_readers;
DROP TABLE harassment_contacts;
DROP FUNCTION current_person();
