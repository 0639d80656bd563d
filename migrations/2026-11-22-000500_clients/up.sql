-- Why: the public corporate-number register all towns share, and each town's own companies and contacts.

SET LOCAL lock_timeout = '2s';

-- Reference data without a town; only the import command (as owner) writes it.
CREATE TABLE registry_imports (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    file_name text NOT NULL,
    file_sha256 bytea NOT NULL CHECK (length(file_sha256) = 32),
    as_of date,
    started_at timestamptz NOT NULL DEFAULT now(),
    rows_read bigint NOT NULL,
    rows_new bigint NOT NULL,
    rows_changed bigint NOT NULL,
    rows_same bigint NOT NULL,
    rows_older bigint NOT NULL,
    rows_history bigint NOT NULL,
    rows_rejected bigint NOT NULL
);

CREATE TABLE registry_companies (
    corporate_number text PRIMARY KEY CHECK (corporate_number ~ '^[1-9][0-9]{12}$'),
    version integer NOT NULL DEFAULT 1,
    import_id bigint NOT NULL REFERENCES registry_imports (id),
    process text NOT NULL CHECK (process IN ('01', '11', '12', '13', '21', '22', '71', '72', '81', '99')),
    updated_on date NOT NULL,
    changed_on date NOT NULL,
    name text NOT NULL,
    furigana text NOT NULL,
    english_name text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('101', '201', '301', '302', '303', '304', '305', '399', '401', '499')),
    prefecture text NOT NULL,
    city text NOT NULL,
    street text NOT NULL,
    postal_code text NOT NULL,
    closed_on date,
    close_cause text CHECK (close_cause IN ('01', '11', '21', '31')),
    successor_number text,
    hidden boolean NOT NULL,
    kana_key text NOT NULL,
    search_key text NOT NULL,
    grams text[] NOT NULL,
    CHECK ((closed_on IS NULL) = (close_cause IS NULL))
);
CREATE INDEX registry_companies_import ON registry_companies (import_id);
CREATE INDEX registry_companies_by_kana ON registry_companies (kana_key, corporate_number);
CREATE INDEX registry_companies_grams ON registry_companies USING gin (grams);

-- Every version a company ever had here, so that a change of name or a closure can be dated.
CREATE TABLE registry_versions (
    corporate_number text NOT NULL REFERENCES registry_companies (corporate_number),
    version integer NOT NULL,
    import_id bigint NOT NULL REFERENCES registry_imports (id),
    process text NOT NULL,
    updated_on date NOT NULL,
    name text NOT NULL,
    address text NOT NULL,
    closed_on date,
    PRIMARY KEY (corporate_number, version)
);
CREATE INDEX registry_versions_import ON registry_versions (import_id);
-- The role's default rights include writing; a register that towns could edit would be no register.
REVOKE INSERT, UPDATE, DELETE ON registry_imports, registry_companies, registry_versions FROM yui_app;
GRANT SELECT ON registry_imports, registry_companies, registry_versions TO yui_app;

CREATE TABLE companies (
    organization_id bigint NOT NULL REFERENCES organizations (id),
    id bigint GENERATED ALWAYS AS IDENTITY,
    corporate_number text CHECK (corporate_number ~ '^[1-9][0-9]{12}$'),
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    furigana text NOT NULL DEFAULT '' CHECK (length(furigana) <= 500),
    postal_code text NOT NULL DEFAULT '',
    address text NOT NULL DEFAULT '' CHECK (length(address) <= 400),
    phone text NOT NULL DEFAULT '' CHECK (length(phone) <= 40),
    website text NOT NULL DEFAULT '' CHECK (length(website) <= 200),
    note text NOT NULL DEFAULT '' CHECK (length(note) <= 4000),
    kana_key text NOT NULL,
    search_key text NOT NULL,
    grams text[] NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (organization_id, id)
);
CREATE UNIQUE INDEX companies_number ON companies (organization_id, corporate_number);
CREATE INDEX companies_by_kana ON companies (organization_id, kana_key, id);
CREATE INDEX companies_by_name ON companies (organization_id, search_key);
CREATE INDEX companies_grams ON companies USING gin (grams);
SELECT protect('companies');
SELECT audited('companies', 'corporate_number', 'name');

-- LIKE and array operators are not leakproof, so row-level security would keep them off the index; this function
-- has the town inside instead, and its result is joined back under row-level security.
CREATE FUNCTION search_company_ids(wanted text[], pattern text, most integer) RETURNS SETOF bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS 'SELECT id FROM companies WHERE organization_id = current_organization() AND grams @> $1
        AND search_key LIKE $2 ORDER BY kana_key, id LIMIT $3';
REVOKE ALL ON FUNCTION search_company_ids(text[], text, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION search_company_ids(text[], text, integer) TO yui_app;

CREATE TABLE contacts (
    organization_id bigint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    company_id bigint NOT NULL,
    family_name text NOT NULL CHECK (length(family_name) BETWEEN 1 AND 100),
    given_name text NOT NULL DEFAULT '' CHECK (length(given_name) <= 100),
    family_kana text NOT NULL DEFAULT '' CHECK (length(family_kana) <= 100),
    given_kana text NOT NULL DEFAULT '' CHECK (length(given_kana) <= 100),
    department text NOT NULL DEFAULT '' CHECK (length(department) <= 100),
    title text NOT NULL DEFAULT '' CHECK (length(title) <= 100),
    email text CHECK (length(email) <= 254),
    phone text NOT NULL DEFAULT '' CHECK (length(phone) <= 40),
    language text NOT NULL DEFAULT 'ja' CHECK (language IN ('ja', 'en')),
    created_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, company_id) REFERENCES companies (organization_id, id)
);
CREATE INDEX contacts_of_company ON contacts (organization_id, company_id, id);
SELECT protect('contacts');
SELECT audited('contacts', 'company_id', 'language');
