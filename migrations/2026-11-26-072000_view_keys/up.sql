-- Why: what people search and sort by stands in a column of its own or in an index, so that neither a search nor a view folds or sorts a whole table.

SET LOCAL lock_timeout = '2s';

-- A search of contacts folded every candidate's name anew.
DROP INDEX contacts_grams;
ALTER TABLE contacts
    ADD COLUMN search_key text NOT NULL GENERATED ALWAYS AS (search_key_of(family_name || ' ' || given_name || ' '
        || family_kana || ' ' || given_kana || ' ' || phone_key_of(phone) || ' ' || lower(COALESCE(email, '')))) STORED,
    ADD COLUMN grams text[] NOT NULL GENERATED ALWAYS AS (search_grams_of(family_name || ' ' || given_name || ' '
        || family_kana || ' ' || given_kana || ' ' || phone_key_of(phone) || ' ' || lower(COALESCE(email, '')))) STORED,
    ADD COLUMN post_key text NOT NULL GENERATED ALWAYS AS (search_key_of(department || ' ' || title)) STORED;
CREATE INDEX contacts_grams ON contacts USING gin (grams);
CREATE OR REPLACE FUNCTION search_contact_ids(wanted text[], pattern text, most integer) RETURNS SETOF bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$SELECT id FROM contacts WHERE organization_id = current_organization() AND grams @> $1
        AND search_key LIKE $2 AND COALESCE(merged_into, 0) = 0 ORDER BY kana_key, id LIMIT $3$$;

ALTER TABLE companies ADD COLUMN address_key text NOT NULL GENERATED ALWAYS AS (search_key_of(address)) STORED;

-- A missing day stands after all others: the expressions are those of the program's orders.
CREATE INDEX deals_by_action ON deals (organization_id, (COALESCE(next_action_on, '9999-12-31'::date)), id);
CREATE INDEX deals_by_close ON deals (organization_id, (COALESCE(expected_close_on, '9999-12-31'::date)), id);
CREATE INDEX deals_by_amount ON deals (organization_id, amount, id);
CREATE INDEX leads_by_action ON leads (organization_id, (COALESCE(next_action_on, '9999-12-31'::date)), id);
CREATE INDEX leads_by_answer ON leads (organization_id, (COALESCE(answer_by, '9999-12-31'::date)), id);
