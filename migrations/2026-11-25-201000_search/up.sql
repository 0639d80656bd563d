-- Why: people look for contacts, leads, deals, orders, jobs and people by any two characters of a name, as they do for companies.

SET LOCAL lock_timeout = '2s';

-- kernel::text::search_key and search_grams once more, because indexes are made in here and a key column per table would
-- have to be written by every insert. The test `the_database_folds_names_as_the_program_does` holds the two together.
CREATE FUNCTION search_key_of(text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN replace(replace(replace(
        translate(
            regexp_replace(
                lower(normalize($1, NFKC)),
                '[\u0009-\u000d \u0085\u1680\u2028\u2029\ufe00-\ufe0f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\U000e0100-\U000e01ef]',
                '', 'g'),
            'ァアィイゥウェエォオカガキギクグケゲコゴサザシジスズセゼソゾタダチヂッツヅテデトドナニヌネノハバパヒビピフブプヘベペホボポマミムメモャヤュユョヨラリルレロヮワヰヱヲンヴヵヶ',
            'ぁあぃいぅうぇえぉおかがきぎくぐけげこごさざしじすずせぜそぞただちぢっつづてでとどなにぬねのはばぱひびぴふぶぷへべぺほぼぽまみむめもゃやゅゆょよらりるれろゎわゐゑをんゔゕゖ'),
        '(株)', '株式会社'), '(有)', '有限会社'), '(同)', '合同会社');

CREATE FUNCTION search_grams_of(text) RETURNS text[]
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 1000
    BEGIN ATOMIC
        SELECT COALESCE(array_agg(DISTINCT substr(folded.key, start, size)), '{}')
        FROM (SELECT search_key_of($1) AS key) folded,
            generate_series(1, length(folded.key)) AS start,
            generate_series(1, 2) AS size
        WHERE start + size - 1 <= length(folded.key);
    END;

REVOKE ALL ON FUNCTION search_key_of(text), search_grams_of(text) FROM PUBLIC;
-- Whoever writes a row writes its index entries.
GRANT EXECUTE ON FUNCTION search_key_of(text), search_grams_of(text) TO yui_app;

-- One function per kind, each with the town inside: LIKE and array operators are not leakproof, so row-level security would
-- keep them off the index. What they find is joined back under row-level security.

CREATE INDEX contacts_grams ON contacts USING gin (search_grams_of(family_name || ' ' || given_name || ' ' || family_kana || ' ' || given_kana));
CREATE FUNCTION search_contact_ids(wanted text[], pattern text, most integer) RETURNS SETOF bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$SELECT id FROM contacts WHERE organization_id = current_organization()
        AND search_grams_of(family_name || ' ' || given_name || ' ' || family_kana || ' ' || given_kana) @> $1
        AND search_key_of(family_name || ' ' || given_name || ' ' || family_kana || ' ' || given_kana) LIKE $2 ORDER BY family_kana, given_kana, id LIMIT $3$$;
REVOKE ALL ON FUNCTION search_contact_ids(text[], text, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION search_contact_ids(text[], text, integer) TO yui_app;

CREATE INDEX leads_grams ON leads USING gin (search_grams_of(company_name || ' ' || contact_name));
CREATE FUNCTION search_lead_ids(wanted text[], pattern text, most integer) RETURNS SETOF bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$SELECT id FROM leads WHERE organization_id = current_organization()
        AND search_grams_of(company_name || ' ' || contact_name) @> $1
        AND search_key_of(company_name || ' ' || contact_name) LIKE $2 ORDER BY id DESC LIMIT $3$$;
REVOKE ALL ON FUNCTION search_lead_ids(text[], text, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION search_lead_ids(text[], text, integer) TO yui_app;

CREATE INDEX deals_grams ON deals USING gin (search_grams_of(title));
CREATE FUNCTION search_deal_ids(wanted text[], pattern text, most integer) RETURNS SETOF bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$SELECT id FROM deals WHERE organization_id = current_organization()
        AND search_grams_of(title) @> $1
        AND search_key_of(title) LIKE $2 ORDER BY id DESC LIMIT $3$$;
REVOKE ALL ON FUNCTION search_deal_ids(text[], text, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION search_deal_ids(text[], text, integer) TO yui_app;

CREATE INDEX orders_grams ON orders USING gin (search_grams_of(title));
CREATE FUNCTION search_order_ids(wanted text[], pattern text, most integer) RETURNS SETOF bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$SELECT id FROM orders WHERE organization_id = current_organization()
        AND search_grams_of(title) @> $1
        AND search_key_of(title) LIKE $2 ORDER BY id DESC LIMIT $3$$;
REVOKE ALL ON FUNCTION search_order_ids(text[], text, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION search_order_ids(text[], text, integer) TO yui_app;

CREATE INDEX jobs_grams ON jobs USING gin (search_grams_of(title));
CREATE FUNCTION search_job_ids(wanted text[], pattern text, most integer) RETURNS SETOF bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$SELECT id FROM jobs WHERE organization_id = current_organization()
        AND search_grams_of(title) @> $1
        AND search_key_of(title) LIKE $2 ORDER BY id DESC LIMIT $3$$;
REVOKE ALL ON FUNCTION search_job_ids(text[], text, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION search_job_ids(text[], text, integer) TO yui_app;

CREATE INDEX persons_grams ON persons USING gin (search_grams_of(family_name || ' ' || given_name || ' ' || family_kana || ' ' || given_kana));
CREATE FUNCTION search_person_ids(wanted text[], pattern text, most integer) RETURNS SETOF bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$SELECT id FROM persons WHERE organization_id = current_organization()
        AND search_grams_of(family_name || ' ' || given_name || ' ' || family_kana || ' ' || given_kana) @> $1
        AND search_key_of(family_name || ' ' || given_name || ' ' || family_kana || ' ' || given_kana) LIKE $2 ORDER BY family_kana, given_kana, id LIMIT $3$$;
REVOKE ALL ON FUNCTION search_person_ids(text[], text, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION search_person_ids(text[], text, integer) TO yui_app;
