-- Why: one change to many things is looked at before, done by the rules of one, and taken back in one step; what was looked at and what became of each is kept.

SET LOCAL lock_timeout = '2s';

CREATE TABLE bulk_edits (
    organization_id bigint NOT NULL REFERENCES organizations (id),
    id bigint GENERATED ALWAYS AS IDENTITY,
    kind text NOT NULL CHECK (kind IN ('deals', 'companies', 'leads')),
    field text NOT NULL CHECK (field IN ('owner', 'stage', 'next_action_on', 'tag_add', 'tag_remove')),
    -- A person, a stage, a tag or a day, and what it was called then.
    value text NOT NULL,
    label text NOT NULL,
    state text NOT NULL DEFAULT 'checking' CHECK (state IN ('checking', 'checked', 'applying', 'applied', 'undoing', 'undone', 'cancelled')),
    person_id bigint NOT NULL,
    created_at timestamptz NOT NULL,
    rows_total integer NOT NULL CHECK (rows_total > 0),
    -- How many of them the running step has done.
    rows_done integer NOT NULL DEFAULT 0 CHECK (rows_done BETWEEN 0 AND rows_total),
    rows_change integer NOT NULL DEFAULT 0,
    rows_same integer NOT NULL DEFAULT 0,
    rows_refused integer NOT NULL DEFAULT 0,
    rows_changed integer NOT NULL DEFAULT 0,
    rows_left integer NOT NULL DEFAULT 0,
    rows_undone integer NOT NULL DEFAULT 0,
    rows_kept integer NOT NULL DEFAULT 0,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, person_id) REFERENCES persons (organization_id, id),
    CHECK (kind = 'deals' OR (kind = 'companies' AND field IN ('tag_add', 'tag_remove')) OR (kind = 'leads' AND field = 'owner')),
    CHECK (kind <> 'deals' OR field IN ('owner', 'stage', 'next_action_on'))
);
CREATE INDEX bulk_edits_person ON bulk_edits (organization_id, person_id);
SELECT protect('bulk_edits');
SELECT audited('bulk_edits', 'kind', 'field', 'value', 'state');

-- One thing that was chosen: what the change would do to it, what it did, and what takes that back.
CREATE TABLE bulk_edit_rows (
    organization_id bigint NOT NULL,
    edit_id bigint NOT NULL,
    number integer NOT NULL CHECK (number > 0),
    target_id bigint NOT NULL,
    name text NOT NULL DEFAULT '',
    -- As it was when it was looked at.
    version integer,
    verdict text CHECK (verdict IN ('change', 'same', 'refused')),
    outcome text CHECK (outcome IN ('changed', 'left', 'undone', 'kept')),
    -- The code of why it is refused, was left alone or stays changed.
    reason text,
    before text,
    after_version integer,
    PRIMARY KEY (organization_id, edit_id, number),
    FOREIGN KEY (organization_id, edit_id) REFERENCES bulk_edits (organization_id, id),
    CHECK (outcome IS NULL OR verdict = 'change'),
    CHECK (outcome IS NULL OR outcome = 'left' OR (before IS NOT NULL AND after_version IS NOT NULL)),
    CHECK (reason IS NOT NULL OR (verdict IS DISTINCT FROM 'refused' AND COALESCE(outcome, '') NOT IN ('left', 'kept')))
);
CREATE INDEX bulk_edit_rows_by_verdict ON bulk_edit_rows (organization_id, edit_id, verdict, number);
CREATE INDEX bulk_edit_rows_by_outcome ON bulk_edit_rows (organization_id, edit_id, outcome, number);
SELECT protect('bulk_edit_rows');
