-- Why: what an adviser of the ministry's scheme said was in somebody's notebook: nobody was reminded of the report that is due a week after, nor of the questionnaire of the next fiscal year, and what was found wanting had no owner, day or decision.

SET LOCAL lock_timeout = '2s';

-- A session of an adviser (助言): a day's visit, or online.
CREATE TABLE advice_sessions (
    organization_id bigint NOT NULL REFERENCES organizations (id),
    id bigint GENERATED ALWAYS AS IDENTITY,
    held_on date NOT NULL,
    way text NOT NULL CHECK (way IN ('on_site', 'online')),
    minutes integer CHECK (minutes BETWEEN 1 AND 600),
    adviser text NOT NULL CHECK (char_length(adviser) BETWEEN 1 AND 100),
    asked text NOT NULL CHECK (char_length(asked) BETWEEN 1 AND 4000),
    advised text NOT NULL DEFAULT '' CHECK (char_length(advised) <= 20000),
    owner_id bigint NOT NULL,
    state text NOT NULL DEFAULT 'planned' CHECK (state IN ('planned', 'held', 'reported', 'answered', 'cancelled')),
    report_due_on date,
    report text NOT NULL DEFAULT '' CHECK (char_length(report) <= 20000),
    reported_on date,
    -- The next fiscal year, as it was reckoned when the session was held.
    questionnaire_from date,
    questionnaire_until date,
    answered_on date,
    person_id bigint NOT NULL,
    created_at timestamptz NOT NULL,
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, owner_id) REFERENCES persons (organization_id, id),
    FOREIGN KEY (organization_id, person_id) REFERENCES persons (organization_id, id),
    CONSTRAINT advice_sessions_online CHECK (way <> 'online' OR minutes IS NOT NULL),
    CONSTRAINT advice_sessions_held CHECK ((state IN ('held', 'reported', 'answered')) = (report_due_on IS NOT NULL)
        AND (report_due_on IS NULL) = (questionnaire_from IS NULL) AND (report_due_on IS NULL) = (questionnaire_until IS NULL)
        AND (report_due_on IS NULL) = (advised = '')),
    CONSTRAINT advice_sessions_reported CHECK ((state IN ('reported', 'answered')) = (reported_on IS NOT NULL)
        AND (reported_on IS NULL) = (report = '')),
    CONSTRAINT advice_sessions_answered CHECK ((state = 'answered') = (answered_on IS NOT NULL))
);
CREATE INDEX advice_sessions_by_day ON advice_sessions (organization_id, held_on, id);
CREATE INDEX advice_sessions_waiting ON advice_sessions (organization_id, held_on) WHERE state IN ('held', 'reported');
CREATE INDEX advice_sessions_owner ON advice_sessions (organization_id, owner_id);
CREATE INDEX advice_sessions_person ON advice_sessions (organization_id, person_id);
SELECT protect('advice_sessions');
SELECT audited('advice_sessions', 'held_on', 'way', 'minutes', 'owner_id', 'state', 'report_due_on', 'reported_on', 'answered_on');

-- Of which clock of a session its owner was told: of each once.
CREATE TABLE advice_alerts (
    organization_id bigint NOT NULL,
    session_id bigint NOT NULL,
    clock text NOT NULL CHECK (clock IN ('report', 'late', 'questionnaire')),
    told_at timestamptz NOT NULL,
    PRIMARY KEY (organization_id, session_id, clock),
    FOREIGN KEY (organization_id, session_id) REFERENCES advice_sessions (organization_id, id)
);
SELECT protect_append_only('advice_alerts');

-- A finding (課題) has a kind, what shows it, somebody who sees to it by a day, and what was decided. `session_id` is the
-- session it was found in.
ALTER TABLE findings
    ADD COLUMN kind text NOT NULL DEFAULT 'other' CHECK (kind IN ('market', 'offer', 'people', 'process', 'price', 'other')),
    ADD COLUMN evidence text NOT NULL DEFAULT '' CHECK (char_length(evidence) <= 4000),
    ADD COLUMN owner_id bigint,
    ADD COLUMN due_on date,
    ADD COLUMN decision text NOT NULL DEFAULT '' CHECK (char_length(decision) <= 4000),
    ADD COLUMN decided_at timestamptz,
    ADD COLUMN decided_by bigint,
    ADD COLUMN session_id bigint,
    ADD FOREIGN KEY (organization_id, owner_id) REFERENCES persons (organization_id, id),
    ADD FOREIGN KEY (organization_id, decided_by) REFERENCES persons (organization_id, id),
    ADD FOREIGN KEY (organization_id, session_id) REFERENCES advice_sessions (organization_id, id),
    DROP CONSTRAINT findings_state_check,
    ADD CONSTRAINT findings_state_check CHECK (state IN ('open', 'decided', 'settled')),
    ADD CONSTRAINT findings_decided CHECK ((decided_at IS NULL) = (decision = '') AND (decided_at IS NULL) = (decided_by IS NULL)
        AND CASE state WHEN 'open' THEN decided_at IS NULL WHEN 'decided' THEN decided_at IS NOT NULL ELSE true END);
CREATE INDEX findings_owner ON findings (organization_id, owner_id);
CREATE INDEX findings_decided_by ON findings (organization_id, decided_by);
CREATE INDEX findings_session ON findings (organization_id, session_id, id);
