-- Why: every later table is protected by row-level security and audited through the functions made here.
-- The roles yui_owner, yui_app and yui_queue exist already: bootstrap makes them, because a migration may not.

SET LOCAL lock_timeout = '2s';

CREATE FUNCTION current_organization() RETURNS bigint
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN NULLIF(current_setting('yui.org', true), '')::bigint;
COMMENT ON FUNCTION current_organization() IS 'The town of this transaction''s scope; NULL without one, so that policies show nothing.';

CREATE TABLE audit_entries (
    organization_id bigint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    actor text NOT NULL,
    request text NOT NULL,
    table_name text NOT NULL,
    operation text NOT NULL CHECK (operation IN ('insert', 'update', 'delete')),
    row_id text,
    changed text[] NOT NULL,
    kept jsonb NOT NULL,
    PRIMARY KEY (organization_id, id)
);
CREATE INDEX audit_entries_row ON audit_entries (organization_id, table_name, row_id, id);

-- Writes one entry per row of the statement. The trigger's arguments name the columns whose values may be kept:
-- never personal ones.
CREATE FUNCTION audit_statement() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    who text := COALESCE(NULLIF(current_setting('yui.actor', true), ''), 'database:' || session_user);
    request_id text := COALESCE(current_setting('yui.request', true), '');
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO audit_entries (organization_id, actor, request, table_name, operation, row_id, changed, kept)
        SELECT (n.row->>'organization_id')::bigint, who, request_id, TG_TABLE_NAME, 'insert', n.row->>'id', '{}',
               COALESCE((SELECT jsonb_object_agg(c, n.row->c) FROM unnest(TG_ARGV) c WHERE n.row ? c), '{}')
        FROM (SELECT to_jsonb(new_rows) AS row FROM new_rows) n;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO audit_entries (organization_id, actor, request, table_name, operation, row_id, changed, kept)
        SELECT (o.row->>'organization_id')::bigint, who, request_id, TG_TABLE_NAME, 'delete', o.row->>'id', '{}',
               COALESCE((SELECT jsonb_object_agg(c, o.row->c) FROM unnest(TG_ARGV) c WHERE o.row ? c), '{}')
        FROM (SELECT to_jsonb(old_rows) AS row FROM old_rows) o;
    ELSE
        INSERT INTO audit_entries (organization_id, actor, request, table_name, operation, row_id, changed, kept)
        SELECT (n.row->>'organization_id')::bigint, who, request_id, TG_TABLE_NAME, 'update', n.row->>'id', d.columns,
               COALESCE((SELECT jsonb_object_agg(c, jsonb_build_array(o.row->c, n.row->c))
                         FROM unnest(TG_ARGV) c WHERE c = ANY (d.columns)), '{}')
        FROM (SELECT to_jsonb(new_rows) AS row FROM new_rows) n
        JOIN (SELECT to_jsonb(old_rows) AS row FROM old_rows) o
          ON o.row->'id' = n.row->'id' AND o.row->'organization_id' = n.row->'organization_id'
        CROSS JOIN LATERAL (
            SELECT array_agg(key ORDER BY key) AS columns
            FROM jsonb_each(n.row) WHERE value IS DISTINCT FROM o.row->key) d
        WHERE d.columns IS NOT NULL;
    END IF;
    RETURN NULL;
END $$;

-- Forces row-level security on a tenant table and lets the application read and write its own town's rows.
CREATE FUNCTION protect(tenant_table regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format('ALTER TABLE %s ALTER COLUMN organization_id SET DEFAULT current_organization()', tenant_table);
    EXECUTE format(
        'CREATE POLICY own_town ON %s USING (organization_id = NULLIF(current_setting(''yui.org'', true), '''')::bigint)',
        tenant_table);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO yui_app', tenant_table);
END $$;

-- The same for rows that are written once and never changed: legal documents, events, the audit trail.
CREATE FUNCTION protect_append_only(tenant_table regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM protect(tenant_table);
    EXECUTE format('REVOKE UPDATE, DELETE ON %s FROM yui_app', tenant_table);
END $$;

-- Attaches the audit triggers; kept_columns are those whose values may stand in the trail.
CREATE FUNCTION audited(tenant_table regclass, VARIADIC kept_columns text[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    arguments text := (SELECT string_agg(quote_literal(c), ', ') FROM unnest(kept_columns) c);
BEGIN
    EXECUTE format('CREATE TRIGGER audit_insert AFTER INSERT ON %s REFERENCING NEW TABLE AS new_rows
        FOR EACH STATEMENT EXECUTE FUNCTION audit_statement(%s)', tenant_table, arguments);
    EXECUTE format('CREATE TRIGGER audit_update AFTER UPDATE ON %s REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
        FOR EACH STATEMENT EXECUTE FUNCTION audit_statement(%s)', tenant_table, arguments);
    EXECUTE format('CREATE TRIGGER audit_delete AFTER DELETE ON %s REFERENCING OLD TABLE AS old_rows
        FOR EACH STATEMENT EXECUTE FUNCTION audit_statement(%s)', tenant_table, arguments);
END $$;

SELECT protect_append_only('audit_entries');

CREATE TABLE idempotency_keys (
    organization_id bigint NOT NULL,
    key text NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
    digest bytea NOT NULL,
    status smallint NOT NULL,
    body text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, key)
);
CREATE INDEX idempotency_keys_age ON idempotency_keys (created_at);
SELECT protect('idempotency_keys');
