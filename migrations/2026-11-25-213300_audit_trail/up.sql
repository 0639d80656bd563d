-- Why: nobody but the triggers writes the audit trail, and a change of a town's own settings stands in it too.

SET LOCAL lock_timeout = '2s';

-- The triggers write as their owner.
REVOKE INSERT ON audit_entries FROM yui_app;

-- A town has no organization_id but is one, so the triggers of the other tables do not fit. Values are kept of what names
-- the town; how to reach it may be a person's own address or telephone.
CREATE FUNCTION audit_organization() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    keeps text[] := '{slug,name,kind,municipal_code,language,legal_name,postal_address,population,population_as_of}';
    before jsonb := CASE TG_OP WHEN 'UPDATE' THEN to_jsonb(OLD) ELSE '{}' END;
    after jsonb := to_jsonb(NEW);
    columns text[] := CASE TG_OP WHEN 'UPDATE' THEN
        (SELECT array_agg(key ORDER BY key) FROM jsonb_each(after) WHERE value IS DISTINCT FROM before->key)
        ELSE '{}' END;
BEGIN
    INSERT INTO audit_entries (organization_id, actor, request, table_name, operation, row_id, changed, kept)
    SELECT NEW.id, COALESCE(NULLIF(current_setting('yui.actor', true), ''), 'database:' || session_user),
           COALESCE(current_setting('yui.request', true), ''), TG_TABLE_NAME, lower(TG_OP), NEW.id::text, columns,
           COALESCE((SELECT jsonb_object_agg(c, CASE TG_OP WHEN 'UPDATE' THEN jsonb_build_array(before->c, after->c)
                                                ELSE after->c END)
                     FROM unnest(keeps) c WHERE TG_OP = 'INSERT' OR c = ANY (columns)), '{}')
    WHERE columns IS NOT NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER audit_row AFTER INSERT OR UPDATE ON organizations
    FOR EACH ROW EXECUTE FUNCTION audit_organization();

-- Triggers run without anybody's right to call them.
REVOKE ALL ON FUNCTION audit_organization(), audit_statement(), forbid_own_review(), forbid_making_after_checking(),
    forbid_unreviewed_delivery() FROM PUBLIC;
