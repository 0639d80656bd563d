DROP TABLE contacts;
DROP FUNCTION search_company_ids(text[], text, integer);
DROP TABLE companies;
DROP TABLE registry_versions;
DROP TABLE registry_companies;
DROP TABLE registry_imports;
