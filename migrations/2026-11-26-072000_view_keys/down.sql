DROP INDEX leads_by_answer, leads_by_action, deals_by_amount, deals_by_close, deals_by_action;
ALTER TABLE companies DROP COLUMN address_key;
CREATE OR REPLACE FUNCTION search_contact_ids(wanted text[], pattern text, most integer) RETURNS SETOF bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$SELECT id FROM contacts WHERE organization_id = current_organization()
        AND search_grams_of(family_name || ' ' || given_name || ' ' || family_kana || ' ' || given_kana || ' ' || phone_key || ' ' || email_key) @> $1
        AND search_key_of(family_name || ' ' || given_name || ' ' || family_kana || ' ' || given_kana || ' ' || phone_key || ' ' || email_key) LIKE $2 AND COALESCE(merged_into, 0) = 0 ORDER BY kana_key, id LIMIT $3$$;
ALTER TABLE contacts DROP COLUMN post_key, DROP COLUMN grams, DROP COLUMN search_key;
CREATE INDEX contacts_grams ON contacts USING gin (search_grams_of(family_name || ' ' || given_name || ' ' || family_kana || ' ' || given_kana || ' ' || phone_key || ' ' || email_key));
