-- Why: what a sales meeting looked at and decided was told from memory a week later.

SET LOCAL lock_timeout = '2s';

CREATE TABLE meetings (
    organization_id bigint NOT NULL REFERENCES organizations (id),
    id bigint GENERATED ALWAYS AS IDENTITY,
    held_on date NOT NULL,
    -- In Japan; none: not agreed yet.
    begins_at time,
    minutes text NOT NULL DEFAULT '' CHECK (char_length(minutes) <= 20000),
    -- What it looked at, as it stood when it was closed.
    agenda jsonb,
    person_id bigint NOT NULL,
    created_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    closed_at timestamptz,
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, person_id) REFERENCES persons (organization_id, id),
    CHECK ((agenda IS NULL) = (closed_at IS NULL))
);
CREATE INDEX meetings_by_day ON meetings (organization_id, held_on, id);
CREATE INDEX meetings_closed ON meetings (organization_id, closed_at) WHERE closed_at IS NOT NULL;
CREATE INDEX meetings_person ON meetings (organization_id, person_id);
SELECT protect('meetings');
REVOKE DELETE ON meetings FROM yui_app;
-- What was closed stays as it was.
CREATE POLICY closed_stays ON meetings AS RESTRICTIVE FOR UPDATE USING (closed_at IS NULL) WITH CHECK (true);
SELECT audited('meetings', 'held_on', 'begins_at', 'person_id', 'closed_at');

CREATE TABLE meeting_people (
    organization_id bigint NOT NULL,
    meeting_id bigint NOT NULL,
    person_id bigint NOT NULL,
    PRIMARY KEY (organization_id, meeting_id, person_id),
    FOREIGN KEY (organization_id, meeting_id) REFERENCES meetings (organization_id, id),
    FOREIGN KEY (organization_id, person_id) REFERENCES persons (organization_id, id)
);
CREATE INDEX meeting_people_person ON meeting_people (organization_id, person_id, meeting_id);
SELECT protect('meeting_people');

-- What the team found wanting (課題), until it is settled.
CREATE TABLE findings (
    organization_id bigint NOT NULL REFERENCES organizations (id),
    id bigint GENERATED ALWAYS AS IDENTITY,
    title text NOT NULL CHECK (char_length(title) BETWEEN 1 AND 200),
    state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'settled')),
    person_id bigint NOT NULL,
    created_at timestamptz NOT NULL,
    settled_at timestamptz,
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, person_id) REFERENCES persons (organization_id, id),
    CHECK ((state = 'settled') = (settled_at IS NOT NULL))
);
CREATE INDEX findings_by_state ON findings (organization_id, state, id);
CREATE INDEX findings_person ON findings (organization_id, person_id);
SELECT protect('findings');
SELECT audited('findings', 'state', 'person_id', 'settled_at');

-- What was decided, which is something somebody does or something that is wanting.
CREATE TABLE meeting_decisions (
    organization_id bigint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    meeting_id bigint NOT NULL,
    todo_id bigint,
    finding_id bigint,
    person_id bigint NOT NULL,
    decided_at timestamptz NOT NULL,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, meeting_id) REFERENCES meetings (organization_id, id),
    FOREIGN KEY (organization_id, todo_id) REFERENCES todos (organization_id, id),
    FOREIGN KEY (organization_id, finding_id) REFERENCES findings (organization_id, id),
    FOREIGN KEY (organization_id, person_id) REFERENCES persons (organization_id, id),
    CHECK (num_nonnulls(todo_id, finding_id) = 1)
);
CREATE INDEX meeting_decisions_of_meeting ON meeting_decisions (organization_id, meeting_id, id);
CREATE INDEX meeting_decisions_todo ON meeting_decisions (organization_id, todo_id) WHERE todo_id IS NOT NULL;
CREATE INDEX meeting_decisions_finding ON meeting_decisions (organization_id, finding_id) WHERE finding_id IS NOT NULL;
CREATE INDEX meeting_decisions_person ON meeting_decisions (organization_id, person_id);
SELECT protect_append_only('meeting_decisions');
