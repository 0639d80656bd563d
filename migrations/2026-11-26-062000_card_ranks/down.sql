DROP FUNCTION search_deal_ids(text[], text, integer);
DROP INDEX deals_grams;
ALTER TABLE deals DROP COLUMN grams, DROP COLUMN search_key;
CREATE INDEX deals_grams ON deals USING gin (search_grams_of(title));
CREATE FUNCTION search_deal_ids(wanted text[], pattern text, most integer) RETURNS SETOF bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$SELECT id FROM deals WHERE organization_id = current_organization()
        AND search_grams_of(title) @> $1
        AND search_key_of(title) LIKE $2 ORDER BY id DESC LIMIT $3$$;
REVOKE ALL ON FUNCTION search_deal_ids(text[], text, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION search_deal_ids(text[], text, integer) TO yui_app;
DROP INDEX deals_changed;
DROP INDEX deals_column;
DROP INDEX deals_closed;
DROP INDEX deals_listed;
DROP INDEX deals_of_owner;
CREATE INDEX deals_board ON deals (organization_id, stage_id, state, moved_at DESC, id DESC) INCLUDE (amount);
CREATE INDEX deals_by_state ON deals (organization_id, state, id);
CREATE INDEX deals_owner ON deals (organization_id, owner_id, id);
ALTER TABLE deals DROP COLUMN changed_at, DROP COLUMN rank;
