DROP TRIGGER messages_to_standing_contacts ON messages;
DROP TRIGGER messages_of_standing_contacts ON messages;
DROP TRIGGER deliveries_to_standing_contacts ON deliveries;
DROP TRIGGER deliveries_of_standing_contacts ON deliveries;
DROP TRIGGER orders_to_standing_contacts ON orders;
DROP TRIGGER orders_of_standing_contacts ON orders;
DROP TRIGGER deals_to_standing_contacts ON deals;
DROP TRIGGER deals_of_standing_contacts ON deals;
DROP TRIGGER orders_to_standing_companies ON orders;
DROP TRIGGER orders_of_standing_companies ON orders;
DROP TRIGGER deals_to_standing_companies ON deals;
DROP TRIGGER deals_of_standing_companies ON deals;
DROP TRIGGER leads_to_standing_companies ON leads;
DROP TRIGGER leads_of_standing_companies ON leads;
DROP TRIGGER contacts_to_standing_companies ON contacts;
DROP TRIGGER contacts_of_standing_companies ON contacts;
DROP TRIGGER consents_of_standing_contacts ON mail_consents;
DROP TRIGGER wishes_of_standing_contacts ON call_wishes;
DROP TRIGGER terms_of_standing_companies ON client_terms;
DROP TRIGGER tags_of_standing_companies ON company_tags;
DROP FUNCTION follow_merged_contact();
DROP FUNCTION follow_merged_company();
DROP FUNCTION standing_contact(bigint, bigint);
DROP FUNCTION standing_company(bigint, bigint);
DROP POLICY only_with_its_merge ON client_terms;
REVOKE DELETE ON client_terms FROM yui_app;
ALTER TABLE client_terms DROP COLUMN merge_id;
DROP POLICY only_with_its_merge ON mail_consents;
REVOKE DELETE ON mail_consents FROM yui_app;
ALTER TABLE mail_consents DROP COLUMN merge_id;
DROP POLICY only_with_its_merge ON call_wishes;
REVOKE DELETE ON call_wishes FROM yui_app;
ALTER TABLE call_wishes DROP COLUMN merge_id;
DROP TABLE merges;
CREATE OR REPLACE FUNCTION search_contact_ids(wanted text[], pattern text, most integer) RETURNS SETOF bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$SELECT id FROM contacts WHERE organization_id = current_organization()
        AND search_grams_of(family_name || ' ' || given_name || ' ' || family_kana || ' ' || given_kana || ' ' || phone_key || ' ' || email_key) @> $1
        AND search_key_of(family_name || ' ' || given_name || ' ' || family_kana || ' ' || given_kana || ' ' || phone_key || ' ' || email_key) LIKE $2 ORDER BY kana_key, id LIMIT $3$$;
CREATE OR REPLACE FUNCTION search_company_ids(wanted text[], pattern text, most integer) RETURNS SETOF bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS 'SELECT id FROM companies WHERE organization_id = current_organization() AND grams @> $1
        AND search_key LIKE $2 ORDER BY kana_key, id LIMIT $3';
DROP INDEX companies_number;
CREATE UNIQUE INDEX companies_number ON companies (organization_id, corporate_number);
DROP INDEX contacts_to_be_called;
ALTER TABLE contacts DROP COLUMN merged_into;
CREATE INDEX contacts_to_be_called ON contacts (organization_id, kana_key, id) WHERE may_be_called AND phone <> '';
ALTER TABLE companies DROP COLUMN merged_into;
