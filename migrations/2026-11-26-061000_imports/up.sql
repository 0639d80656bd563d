-- Why: a town's lists come from elsewhere by the thousand; their rows are staged, looked at and applied under one import's id, so that they can be corrected before and taken back after.

SET LOCAL lock_timeout = '2s';

CREATE TABLE imports (
    organization_id bigint NOT NULL REFERENCES organizations (id),
    id bigint GENERATED ALWAYS AS IDENTITY,
    kind text NOT NULL CHECK (kind IN ('companies', 'contacts', 'leads', 'deals')),
    file_id bigint NOT NULL,
    state text NOT NULL DEFAULT 'reading' CHECK (state IN ('reading', 'columns', 'checking', 'checked', 'applying', 'applied', 'undoing', 'undone', 'cancelled', 'refused')),
    person_id bigint NOT NULL,
    created_at timestamptz NOT NULL,
    encoding text CHECK (encoding IN ('utf-8', 'utf-8-bom', 'cp932', 'utf-16le', 'utf-16be', 'xlsx')),
    separator text CHECK (separator IN ('comma', 'tab', 'semicolon')),
    -- The first row as it stands in the file, and what each column is; empty where it is left out.
    headers text[] NOT NULL DEFAULT '{}',
    fields text[] NOT NULL DEFAULT '{}',
    -- How many rows are staged, and how many of them the running step has done.
    rows_read integer NOT NULL DEFAULT 0 CHECK (rows_read >= 0),
    rows_done integer NOT NULL DEFAULT 0 CHECK (rows_done BETWEEN 0 AND rows_read),
    rows_new integer NOT NULL DEFAULT 0,
    rows_changed integer NOT NULL DEFAULT 0,
    rows_same integer NOT NULL DEFAULT 0,
    rows_bad integer NOT NULL DEFAULT 0,
    rows_alike integer NOT NULL DEFAULT 0,
    rows_created integer NOT NULL DEFAULT 0,
    rows_updated integer NOT NULL DEFAULT 0,
    rows_undone integer NOT NULL DEFAULT 0,
    rows_kept integer NOT NULL DEFAULT 0,
    problem text CHECK (problem IN ('empty', 'row_too_long', 'too_many_columns', 'too_many_rows', 'damaged', 'bomb')),
    problem_line bigint,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, file_id) REFERENCES files (organization_id, id),
    FOREIGN KEY (organization_id, person_id) REFERENCES persons (organization_id, id),
    CHECK ((state = 'refused') = (problem IS NOT NULL)),
    CHECK (state IN ('reading', 'cancelled', 'refused') OR encoding IS NOT NULL),
    CHECK ((encoding IS NULL) = (separator IS NULL))
);
CREATE INDEX imports_file ON imports (organization_id, file_id);
CREATE INDEX imports_person ON imports (organization_id, person_id);
SELECT protect('imports');
SELECT audited('imports', 'kind', 'state');

-- A row of the file: as it stands there, what was found about it, and what became of it.
CREATE TABLE import_rows (
    organization_id bigint NOT NULL,
    import_id bigint NOT NULL,
    number integer NOT NULL CHECK (number > 0),
    line bigint NOT NULL,
    cells text[] NOT NULL,
    is_unclosed boolean NOT NULL DEFAULT false,
    verdict text CHECK (verdict IN ('new', 'changed', 'same', 'bad')),
    -- What no other row of the file may be too.
    identity text,
    problems jsonb,
    alike jsonb,
    outcome text CHECK (outcome IN ('created', 'updated', 'undone', 'kept')),
    target_id bigint,
    -- The version that the import left behind, and what stood there before it.
    target_version integer,
    before jsonb,
    PRIMARY KEY (organization_id, import_id, number),
    FOREIGN KEY (organization_id, import_id) REFERENCES imports (organization_id, id),
    CHECK ((verdict = 'bad') = (problems IS NOT NULL)),
    CHECK ((outcome IS NULL) = (target_version IS NULL)),
    CHECK (outcome IS NULL OR target_id IS NOT NULL)
);
CREATE INDEX import_rows_by_verdict ON import_rows (organization_id, import_id, verdict, number);
CREATE INDEX import_rows_by_outcome ON import_rows (organization_id, import_id, outcome, number);
CREATE INDEX import_rows_by_identity ON import_rows (organization_id, import_id, identity, number);
CREATE INDEX import_rows_alike ON import_rows (organization_id, import_id, number) WHERE alike IS NOT NULL;
SELECT protect('import_rows');

-- What the columns of files with the same first row were said to be last.
CREATE TABLE import_columns (
    organization_id bigint NOT NULL REFERENCES organizations (id),
    kind text NOT NULL CHECK (kind IN ('companies', 'contacts', 'leads', 'deals')),
    shape text NOT NULL CHECK (length(shape) = 64),
    fields text[] NOT NULL,
    PRIMARY KEY (organization_id, kind, shape)
);
SELECT protect('import_columns');

-- The ids that things have elsewhere, as imports have said them.
CREATE TABLE import_keys (
    organization_id bigint NOT NULL,
    kind text NOT NULL CHECK (kind IN ('companies', 'contacts', 'leads', 'deals')),
    external_id text COLLATE "C" NOT NULL CHECK (length(external_id) BETWEEN 1 AND 100),
    target_id bigint NOT NULL,
    import_id bigint NOT NULL,
    PRIMARY KEY (organization_id, kind, external_id),
    FOREIGN KEY (organization_id, import_id) REFERENCES imports (organization_id, id)
);
CREATE INDEX import_keys_of_import ON import_keys (organization_id, import_id, target_id);
SELECT protect('import_keys');

-- What a lead and a deal are recognised by when a file names them again; a company's deals are few and have their index.
ALTER TABLE leads ADD COLUMN company_key text COLLATE "C" NOT NULL GENERATED ALWAYS AS (search_key_of(company_name)) STORED;
CREATE INDEX leads_by_company ON leads (organization_id, company_key, id);
ALTER TABLE deals ADD COLUMN title_key text COLLATE "C" NOT NULL GENERATED ALWAYS AS (search_key_of(title)) STORED;

-- A deal that was imported by mistake goes with the one line of its history that says so; any further line keeps it.
CREATE FUNCTION take_back_deals(wanted bigint[]) RETURNS SETOF bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    DECLARE
        untouched bigint[] := ARRAY(
            SELECT d.id FROM deals d WHERE d.organization_id = current_organization() AND d.id = ANY (wanted) AND d.version = 1
            AND (SELECT count(*) FROM deal_events e WHERE e.organization_id = d.organization_id AND e.deal_id = d.id) = 1);
    BEGIN
        DELETE FROM deal_events WHERE organization_id = current_organization() AND deal_id = ANY (untouched);
        RETURN QUERY DELETE FROM deals WHERE organization_id = current_organization() AND id = ANY (untouched) RETURNING id;
    END $$;
REVOKE ALL ON FUNCTION take_back_deals(bigint[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION take_back_deals(bigint[]) TO yui_app;
