-- Why: each order of the words is asked by itself again.

SET LOCAL lock_timeout = '2s';

CREATE OR REPLACE FUNCTION search_company_ids(wanted text[], pattern text, most integer) RETURNS SETOF bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$SELECT id FROM companies WHERE organization_id = current_organization() AND grams @> $1
        AND search_key LIKE $2 AND COALESCE(merged_into, 0) = 0 ORDER BY kana_key, id LIMIT $3$$;
CREATE OR REPLACE FUNCTION search_contact_ids(wanted text[], pattern text, most integer) RETURNS SETOF bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$SELECT id FROM contacts WHERE organization_id = current_organization() AND grams @> $1
        AND search_key LIKE $2 AND COALESCE(merged_into, 0) = 0 ORDER BY kana_key, id LIMIT $3$$;
CREATE OR REPLACE FUNCTION search_lead_ids(wanted text[], pattern text, most integer) RETURNS SETOF bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$SELECT id FROM leads WHERE organization_id = current_organization() AND grams @> $1
        AND search_key LIKE $2 ORDER BY id DESC LIMIT $3$$;
CREATE OR REPLACE FUNCTION search_deal_ids(wanted text[], pattern text, most integer) RETURNS SETOF bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$SELECT id FROM deals WHERE organization_id = current_organization()
        AND grams @> $1
        AND search_key LIKE $2 ORDER BY id DESC LIMIT $3$$;
CREATE OR REPLACE FUNCTION search_order_ids(wanted text[], pattern text, most integer) RETURNS SETOF bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$SELECT id FROM orders WHERE organization_id = current_organization()
        AND search_grams_of(title) @> $1
        AND search_key_of(title) LIKE $2 ORDER BY id DESC LIMIT $3$$;
CREATE OR REPLACE FUNCTION search_job_ids(wanted text[], pattern text, most integer) RETURNS SETOF bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$SELECT id FROM jobs WHERE organization_id = current_organization()
        AND search_grams_of(title) @> $1
        AND search_key_of(title) LIKE $2 ORDER BY id DESC LIMIT $3$$;
CREATE OR REPLACE FUNCTION search_person_ids(wanted text[], pattern text, most integer) RETURNS SETOF bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$SELECT id FROM persons WHERE organization_id = current_organization()
        AND search_grams_of(family_name || ' ' || given_name || ' ' || family_kana || ' ' || given_kana) @> $1
        AND search_key_of(family_name || ' ' || given_name || ' ' || family_kana || ' ' || given_kana) LIKE $2 ORDER BY family_kana, given_kana, id LIMIT $3$$;
CREATE OR REPLACE FUNCTION search_message_ids(wanted text[], pattern text, most integer) RETURNS SETOF bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$SELECT message_id FROM message_bytes WHERE organization_id = current_organization()
        AND grams @> $1
        AND search_key LIKE $2 ORDER BY message_id DESC LIMIT $3$$;
