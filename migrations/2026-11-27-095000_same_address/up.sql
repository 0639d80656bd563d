-- Why: somebody who refused advertising was entered once more, from a list of another source, and was written to again.
-- A refusal holds for the address, whoever else has it. Contacts are the clients' own; mail asks for them by this function,
-- as it asks for who stands for a merged one.
SET LOCAL lock_timeout = '2s';
CREATE FUNCTION contacts_at_same_address(asked bigint[]) RETURNS TABLE (asked_id bigint, contact_id bigint)
    LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT a.id, o.id FROM contacts a
    JOIN contacts o ON o.organization_id = a.organization_id AND o.email_key = a.email_key AND o.id <> a.id
    WHERE a.id = ANY (asked) AND a.email_key <> '' AND o.merged_into IS NULL
$$;
REVOKE ALL ON FUNCTION contacts_at_same_address(bigint[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION contacts_at_same_address(bigint[]) TO yui_app;
