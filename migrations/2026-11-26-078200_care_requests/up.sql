-- Why: the Freelance Act (art. 13) wants consideration for care on request, with a reason where it is refused; requests were calls that nobody remembered.

SET LOCAL lock_timeout = '2s';

-- A worker asks for another day, amount or way of work. Why they need it is asked nowhere and has no column.
CREATE TABLE care_requests (
    organization_id bigint NOT NULL REFERENCES organizations (id),
    id bigint GENERATED ALWAYS AS IDENTITY,
    worker_id bigint NOT NULL,
    kind text NOT NULL CHECK (kind IN ('day', 'amount', 'way')),
    -- Which work it is about, in their words; empty: all of it.
    work text NOT NULL DEFAULT '' CHECK (char_length(work) <= 200),
    wish text NOT NULL CHECK (char_length(wish) BETWEEN 1 AND 1000),
    state text NOT NULL DEFAULT 'asked' CHECK (state IN ('asked', 'agreed', 'partly', 'refused', 'withdrawn')),
    -- By when the town answers.
    answer_by date NOT NULL,
    asked_at timestamptz NOT NULL,
    -- What is done about it, and the reason where it is not all that was asked.
    answer text NOT NULL DEFAULT '' CHECK (char_length(answer) <= 1000),
    answered_by bigint,
    answered_at timestamptz,
    withdrawn_at timestamptz,
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, worker_id) REFERENCES workers (organization_id, id),
    FOREIGN KEY (organization_id, answered_by) REFERENCES persons (organization_id, id),
    CHECK ((state IN ('agreed', 'partly', 'refused')) = (answered_at IS NOT NULL)),
    CHECK ((answered_at IS NULL) = (answered_by IS NULL)),
    CHECK ((state = 'withdrawn') = (withdrawn_at IS NOT NULL)),
    CHECK (state NOT IN ('partly', 'refused') OR answer <> '')
);
CREATE INDEX care_requests_open ON care_requests (organization_id, answer_by, id) WHERE state = 'asked';
CREATE INDEX care_requests_of_worker ON care_requests (organization_id, worker_id, id);
CREATE INDEX care_requests_answered_by ON care_requests (organization_id, answered_by) WHERE answered_by IS NOT NULL;
SELECT protect('care_requests');
REVOKE DELETE ON care_requests FROM yui_app;
-- What was answered or taken back stays as it was.
CREATE POLICY settled_stays ON care_requests AS RESTRICTIVE FOR UPDATE USING (state = 'asked') WITH CHECK (true);
SELECT audited('care_requests', 'worker_id', 'kind', 'state', 'answer_by', 'answered_by', 'answered_at', 'withdrawn_at');
