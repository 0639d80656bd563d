-- Why: a search of leads folded every name anew; what they wrote, their number and their address were not searched at all.

SET LOCAL lock_timeout = '2s';

DROP FUNCTION search_lead_ids(text[], text, integer);
DROP INDEX leads_grams;
ALTER TABLE leads
    ADD COLUMN search_key text NOT NULL GENERATED ALWAYS AS (search_key_of(company_name || ' ' || contact_name || ' '
        || lower(COALESCE(email, '')) || ' ' || phone_key_of(phone))) STORED,
    ADD COLUMN grams text[] NOT NULL GENERATED ALWAYS AS (search_grams_of(company_name || ' ' || contact_name || ' '
        || lower(COALESCE(email, '')) || ' ' || phone_key_of(phone))) STORED;
CREATE INDEX leads_grams ON leads USING gin (grams);
CREATE FUNCTION search_lead_ids(wanted text[], pattern text, most integer) RETURNS SETOF bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$SELECT id FROM leads WHERE organization_id = current_organization() AND grams @> $1
        AND search_key LIKE $2 ORDER BY id DESC LIMIT $3$$;
REVOKE ALL ON FUNCTION search_lead_ids(text[], text, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION search_lead_ids(text[], text, integer) TO yui_app;
