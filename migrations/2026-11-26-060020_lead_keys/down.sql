DROP FUNCTION search_lead_ids(text[], text, integer);
DROP INDEX leads_grams;
ALTER TABLE leads DROP COLUMN grams;
ALTER TABLE leads DROP COLUMN search_key;
CREATE INDEX leads_grams ON leads USING gin (search_grams_of(company_name || ' ' || contact_name));
CREATE FUNCTION search_lead_ids(wanted text[], pattern text, most integer) RETURNS SETOF bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$SELECT id FROM leads WHERE organization_id = current_organization()
        AND search_grams_of(company_name || ' ' || contact_name) @> $1
        AND search_key_of(company_name || ' ' || contact_name) LIKE $2 ORDER BY id DESC LIMIT $3$$;
REVOKE ALL ON FUNCTION search_lead_ids(text[], text, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION search_lead_ids(text[], text, integer) TO yui_app;
