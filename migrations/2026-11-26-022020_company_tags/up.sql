-- Why: a town wants to know which of its projects a client came from, and to look at those clients alone.

SET LOCAL lock_timeout = '2s';

CREATE TABLE tags (
    organization_id bigint NOT NULL REFERENCES organizations (id),
    id bigint GENERATED ALWAYS AS IDENTITY,
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 40),
    created_at timestamptz NOT NULL,
    version integer NOT NULL DEFAULT 1,
    -- Two tags that read alike are one, in any width and case.
    name_key text COLLATE "C" NOT NULL GENERATED ALWAYS AS (search_key_of(name)) STORED,
    PRIMARY KEY (organization_id, id),
    UNIQUE (organization_id, name_key)
);
SELECT protect('tags');
SELECT audited('tags', 'name');

CREATE TABLE company_tags (
    organization_id bigint NOT NULL,
    company_id bigint NOT NULL,
    tag_id bigint NOT NULL,
    PRIMARY KEY (organization_id, company_id, tag_id),
    FOREIGN KEY (organization_id, company_id) REFERENCES companies (organization_id, id),
    FOREIGN KEY (organization_id, tag_id) REFERENCES tags (organization_id, id)
);
CREATE INDEX company_tags_of_tag ON company_tags (organization_id, tag_id, company_id);
SELECT protect('company_tags');
SELECT audited('company_tags', 'company_id', 'tag_id');
