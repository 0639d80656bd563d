-- Why: what workers say about the programme stood on leaflets with nobody's written consent, and nobody could take it back.

SET LOCAL lock_timeout = '2s';

-- A worker's own words (ワーカーの声) with their consent to be shown; the town chooses which it shows.
CREATE TABLE voices (
    organization_id bigint NOT NULL REFERENCES organizations (id),
    id bigint GENERATED ALWAYS AS IDENTITY,
    worker_id bigint NOT NULL,
    body text NOT NULL CHECK (char_length(body) BETWEEN 1 AND 2000),
    -- The name they want to be shown as.
    shown_as text NOT NULL CHECK (char_length(shown_as) BETWEEN 1 AND 60),
    consented_at timestamptz NOT NULL,
    withdrawn_at timestamptz,
    shown_at timestamptz,
    shown_by bigint,
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, worker_id) REFERENCES workers (organization_id, id),
    FOREIGN KEY (organization_id, shown_by) REFERENCES persons (organization_id, id),
    CHECK ((shown_at IS NULL) = (shown_by IS NULL)),
    -- What is withdrawn is shown nowhere.
    CHECK (withdrawn_at IS NULL OR shown_at IS NULL)
);
CREATE INDEX voices_shown ON voices (organization_id, shown_at, id) WHERE shown_at IS NOT NULL;
CREATE INDEX voices_of_worker ON voices (organization_id, worker_id, id);
CREATE INDEX voices_shown_by ON voices (organization_id, shown_by) WHERE shown_by IS NOT NULL;
SELECT protect('voices');
REVOKE DELETE ON voices FROM yui_app;
-- Consent that was taken back stays taken back.
CREATE POLICY withdrawn_stays ON voices AS RESTRICTIVE FOR UPDATE USING (withdrawn_at IS NULL) WITH CHECK (true);
SELECT audited('voices', 'worker_id', 'consented_at', 'withdrawn_at', 'shown_at', 'shown_by');
