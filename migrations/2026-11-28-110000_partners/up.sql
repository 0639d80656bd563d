-- Why: towns work together (他自治体との連携), and nothing said which of them had agreed to share orders.

SET LOCAL lock_timeout = '2s';

-- owner: fulfillment. Each town keeps its own row of the other; what the other says comes as a task in this town's scope.
CREATE TABLE partners (
    organization_id bigint NOT NULL REFERENCES organizations (id),
    id bigint GENERATED ALWAYS AS IDENTITY,
    -- The other town's id; a town is never removed, and no key leaves a town's own rows.
    town_id bigint NOT NULL,
    slug text NOT NULL,
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    -- Who wants it: both, and orders may be shared; neither, and it has ended.
    ours boolean NOT NULL,
    theirs boolean NOT NULL,
    changed_at timestamptz NOT NULL,
    -- Counts what this town did; the other's count as last heard, so that what comes late says nothing.
    version integer NOT NULL DEFAULT 1,
    heard_version integer NOT NULL DEFAULT 0,
    PRIMARY KEY (organization_id, id),
    UNIQUE (organization_id, town_id),
    CONSTRAINT partners_others CHECK (town_id <> organization_id)
);
SELECT protect('partners');
REVOKE DELETE ON partners FROM yui_app;
SELECT audited('partners', 'town_id', 'ours', 'theirs');
