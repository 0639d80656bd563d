SET LOCAL lock_timeout = '2s';

DROP FUNCTION search_message_ids(text[], text, integer);
DROP INDEX message_bytes_grams;
ALTER TABLE message_bytes ADD COLUMN searched text NOT NULL DEFAULT '';
UPDATE message_bytes b SET searched = m.to_name || ' ' || m.to_address || ' ' || m.subject
    FROM messages m WHERE m.organization_id = b.organization_id AND m.id = b.message_id;
ALTER TABLE message_bytes
    ALTER COLUMN searched DROP DEFAULT,
    DROP COLUMN grams,
    DROP COLUMN search_key;

CREATE INDEX message_bytes_grams ON message_bytes USING gin (search_grams_of(searched));
CREATE FUNCTION search_message_ids(wanted text[], pattern text, most integer) RETURNS SETOF bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$SELECT message_id FROM message_bytes WHERE organization_id = current_organization()
        AND search_grams_of(searched) @> $1
        AND search_key_of(searched) LIKE $2 ORDER BY message_id DESC LIMIT $3$$;
REVOKE ALL ON FUNCTION search_message_ids(text[], text, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION search_message_ids(text[], text, integer) TO yui_app;
