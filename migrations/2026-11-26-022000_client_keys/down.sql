UPDATE registry_companies SET kana_key = search_key_of(CASE WHEN furigana = '' THEN name ELSE furigana END);
DROP FUNCTION search_contact_ids(text[], text, integer);
DROP INDEX contacts_grams;
CREATE INDEX contacts_grams ON contacts USING gin (search_grams_of(family_name || ' ' || given_name || ' ' || family_kana || ' ' || given_kana));
CREATE FUNCTION search_contact_ids(wanted text[], pattern text, most integer) RETURNS SETOF bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$SELECT id FROM contacts WHERE organization_id = current_organization()
        AND search_grams_of(family_name || ' ' || given_name || ' ' || family_kana || ' ' || given_kana) @> $1
        AND search_key_of(family_name || ' ' || given_name || ' ' || family_kana || ' ' || given_kana) LIKE $2 ORDER BY family_kana, given_kana, id LIMIT $3$$;
REVOKE ALL ON FUNCTION search_contact_ids(text[], text, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION search_contact_ids(text[], text, integer) TO yui_app;
ALTER TABLE contacts DROP COLUMN kana_key, DROP COLUMN name_key, DROP COLUMN phone_key, DROP COLUMN email_key, DROP COLUMN email_domain;
ALTER TABLE companies DROP COLUMN kana_key, DROP COLUMN name_key, DROP COLUMN phone_key, DROP COLUMN site_key,
    DROP COLUMN search_key, DROP COLUMN grams;
ALTER TABLE companies ADD COLUMN kana_key text, ADD COLUMN search_key text, ADD COLUMN grams text[];
UPDATE companies SET kana_key = search_key_of(CASE WHEN furigana = '' THEN name ELSE furigana END),
    search_key = search_key_of(name || ' ' || furigana), grams = search_grams_of(name || ' ' || furigana);
ALTER TABLE companies ALTER COLUMN kana_key SET NOT NULL, ALTER COLUMN search_key SET NOT NULL, ALTER COLUMN grams SET NOT NULL;
CREATE INDEX companies_by_kana ON companies (organization_id, kana_key, id);
CREATE INDEX companies_by_name ON companies (organization_id, search_key);
CREATE INDEX companies_grams ON companies USING gin (grams);
DROP FUNCTION gojuon_key_of(text);
DROP FUNCTION name_key_of(text);
DROP FUNCTION without_legal_form(text);
DROP FUNCTION site_key_of(text);
DROP FUNCTION postal_key_of(text);
DROP FUNCTION phone_key_of(text);
