-- Why: people look at the same part of a list every morning; what they ask of it is kept as rows, for themselves or for the town.

SET LOCAL lock_timeout = '2s';

CREATE TABLE saved_views (
    organization_id bigint NOT NULL REFERENCES organizations (id),
    id bigint GENERATED ALWAYS AS IDENTITY,
    kind text NOT NULL CHECK (kind IN ('deals', 'companies', 'contacts', 'leads')),
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 60),
    -- Who made it; a shared one stays with the town when they leave.
    person_id bigint NOT NULL,
    is_shared boolean NOT NULL,
    shown text[] NOT NULL,
    sort text NOT NULL,
    created_at timestamptz NOT NULL,
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, person_id) REFERENCES persons (organization_id, id)
);
CREATE UNIQUE INDEX saved_views_name ON saved_views (organization_id, person_id, kind, name);
CREATE INDEX saved_views_list ON saved_views (organization_id, kind, name, id);
SELECT protect('saved_views');
SELECT audited('saved_views', 'kind', 'is_shared', 'shown', 'sort');

-- The tree of a view's conditions: row 1 is the outermost group, and what stands in a group names its row.
CREATE TABLE view_rows (
    organization_id bigint NOT NULL,
    view_id bigint NOT NULL,
    number smallint NOT NULL CHECK (number BETWEEN 1 AND 40),
    group_number smallint CHECK (group_number < number),
    joined text CHECK (joined IN ('all', 'any')),
    field text,
    operator text,
    chosen text[] NOT NULL DEFAULT '{}',
    -- What the choices were called: a tag or a stage that is gone is still named.
    labels text[] NOT NULL DEFAULT '{}',
    PRIMARY KEY (organization_id, view_id, number),
    FOREIGN KEY (organization_id, view_id) REFERENCES saved_views (organization_id, id),
    FOREIGN KEY (organization_id, view_id, group_number) REFERENCES view_rows (organization_id, view_id, number),
    CHECK ((group_number IS NULL) = (number = 1)),
    CHECK ((joined IS NULL) <> (field IS NULL)),
    CHECK ((field IS NULL) = (operator IS NULL))
);
CREATE INDEX view_rows_group ON view_rows (organization_id, view_id, group_number);
SELECT protect('view_rows');
