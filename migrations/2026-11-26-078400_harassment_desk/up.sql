-- Why: the Freelance Act (art. 14) wants a desk for harassment that workers know of; a report must reach those who were named and nobody else, also where the accused runs the programme.

SET LOCAL lock_timeout = '2s';

-- Who of this transaction, where it is somebody.
CREATE FUNCTION current_person() RETURNS bigint
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN substring(current_setting('yui.actor', true) from '^person:([0-9]+)$')::bigint;
COMMENT ON FUNCTION current_person() IS 'The person who acts in this transaction; NULL for tasks and for people outside.';

-- Whom one turns to: people of the town, and people outside of it, who are called.
CREATE TABLE harassment_contacts (
    organization_id bigint NOT NULL REFERENCES organizations (id),
    id bigint GENERATED ALWAYS AS IDENTITY,
    person_id bigint,
    name text NOT NULL DEFAULT '' CHECK (char_length(name) <= 120),
    reach text NOT NULL DEFAULT '' CHECK (char_length(reach) <= 200),
    created_at timestamptz NOT NULL,
    ended_at timestamptz,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, person_id) REFERENCES persons (organization_id, id),
    -- Somebody outside has a name and a way to be reached.
    CHECK (person_id IS NOT NULL OR (name <> '' AND reach <> ''))
);
CREATE UNIQUE INDEX harassment_contacts_once ON harassment_contacts (organization_id, person_id) WHERE ended_at IS NULL AND person_id IS NOT NULL;
CREATE INDEX harassment_contacts_person ON harassment_contacts (organization_id, person_id) WHERE person_id IS NOT NULL;
SELECT protect('harassment_contacts');
REVOKE DELETE ON harassment_contacts FROM yui_app;
SELECT audited('harassment_contacts', 'person_id', 'ended_at');

-- Who was named for a report. The reporter stands here too, so that the policy of no table asks another one that asks it back.
CREATE TABLE harassment_readers (
    organization_id bigint NOT NULL,
    report_id bigint NOT NULL,
    person_id bigint NOT NULL,
    reporter_id bigint NOT NULL,
    PRIMARY KEY (organization_id, report_id, person_id),
    FOREIGN KEY (organization_id, person_id) REFERENCES persons (organization_id, id),
    FOREIGN KEY (organization_id, reporter_id) REFERENCES persons (organization_id, id)
);
CREATE INDEX harassment_readers_person ON harassment_readers (organization_id, person_id, report_id);
CREATE INDEX harassment_readers_reporter ON harassment_readers (organization_id, reporter_id);
SELECT protect_append_only('harassment_readers');
CREATE POLICY named_alone ON harassment_readers AS RESTRICTIVE
    USING (person_id = current_person() OR reporter_id = current_person())
    WITH CHECK (reporter_id = current_person());

-- No audit trail of its own: the trail names who acts, and some reporters want to be named to nobody.
CREATE TABLE harassment_reports (
    organization_id bigint NOT NULL REFERENCES organizations (id),
    id bigint GENERATED ALWAYS AS IDENTITY,
    reporter_id bigint NOT NULL,
    -- Whether the readers are told who reports.
    shows_name boolean NOT NULL,
    state text NOT NULL DEFAULT 'sent' CHECK (state IN ('sent', 'handled', 'closed')),
    created_at timestamptz NOT NULL,
    closed_at timestamptz,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, reporter_id) REFERENCES persons (organization_id, id),
    CHECK ((state = 'closed') = (closed_at IS NOT NULL))
);
CREATE INDEX harassment_reports_reporter ON harassment_reports (organization_id, reporter_id, id);
SELECT protect('harassment_reports');
REVOKE DELETE ON harassment_reports FROM yui_app;
CREATE POLICY named_alone ON harassment_reports AS RESTRICTIVE
    USING (reporter_id = current_person() OR EXISTS (
        SELECT FROM harassment_readers r
        WHERE r.organization_id = harassment_reports.organization_id AND r.report_id = harassment_reports.id
          AND r.person_id = current_person()))
    WITH CHECK (true);
ALTER TABLE harassment_readers ADD FOREIGN KEY (organization_id, report_id) REFERENCES harassment_reports (organization_id, id);

-- What was said, from the report itself on.
CREATE TABLE harassment_messages (
    organization_id bigint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    report_id bigint NOT NULL,
    -- Who said it; of the reporter's words nobody but they can tell from here.
    person_id bigint NOT NULL,
    from_reporter boolean NOT NULL,
    body text NOT NULL CHECK (char_length(body) BETWEEN 1 AND 4000),
    written_at timestamptz NOT NULL,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, report_id) REFERENCES harassment_reports (organization_id, id),
    FOREIGN KEY (organization_id, person_id) REFERENCES persons (organization_id, id)
);
CREATE INDEX harassment_messages_of_report ON harassment_messages (organization_id, report_id, id);
CREATE INDEX harassment_messages_person ON harassment_messages (organization_id, person_id);
SELECT protect_append_only('harassment_messages');
-- Whoever sees the report sees what was said about it.
CREATE POLICY named_alone ON harassment_messages AS RESTRICTIVE
    USING (EXISTS (
        SELECT FROM harassment_reports h
        WHERE h.organization_id = harassment_messages.organization_id AND h.id = harassment_messages.report_id))
    WITH CHECK (person_id = current_person() AND EXISTS (
        SELECT FROM harassment_reports h
        WHERE h.organization_id = harassment_messages.organization_id AND h.id = harassment_messages.report_id));
