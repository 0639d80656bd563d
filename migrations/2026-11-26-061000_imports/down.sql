DROP FUNCTION take_back_deals(bigint[]);
ALTER TABLE deals DROP COLUMN title_key;
DROP INDEX leads_by_company;
ALTER TABLE leads DROP COLUMN company_key;
DROP TABLE import_keys;
DROP TABLE import_columns;
DROP TABLE import_rows;
DROP TABLE imports;
