-- Why: each category of mail by its own rules: when it may go, who wants it, which addresses are dead, and whom to call.

SET LOCAL lock_timeout = '2s';

-- The time itself where it lies within a person's hours, else the next opening, in their own time zone. PostgreSQL
-- knows every zone and its summer times.
CREATE FUNCTION within_hours(at timestamptz, zone text, opens integer, closes integer) RETURNS timestamptz
    LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN here.minute >= opens AND here.minute < closes THEN at
        ELSE (date_trunc('day', here.clock) + make_interval(mins => opens)
            + CASE WHEN here.minute >= opens THEN interval '1 day' ELSE interval '0' END) AT TIME ZONE zone
    END
    FROM (SELECT at AT TIME ZONE zone AS clock,
        (extract(hour FROM at AT TIME ZONE zone) * 60 + extract(minute FROM at AT TIME ZONE zone))::integer AS minute) here
    $$;
REVOKE ALL ON FUNCTION within_hours(timestamptz, text, integer, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION within_hours(timestamptz, text, integer, integer) TO yui_app, yui_queue;

ALTER TABLE messages
    -- Codes overtake digests, however many wait.
    ADD COLUMN urgency smallint NOT NULL DEFAULT 3 CHECK (urgency BETWEEN 1 AND 4),
    -- Minutes of the day between which it may go, in zone; NULL: at any time.
    ADD COLUMN opens smallint,
    ADD COLUMN closes smallint,
    ADD COLUMN zone text,
    -- The thing it is about, such as job:12: what its check at the last moment and its newer version go by.
    ADD COLUMN concerns text CHECK (length(concerns) BETWEEN 1 AND 100),
    -- The town's own version of the text it was written with; NULL: the one Yui ships.
    ADD COLUMN text_version integer,
    ADD CONSTRAINT messages_hours CHECK (
        (opens IS NULL) = (closes IS NULL) AND (opens IS NULL) = (zone IS NULL)
        AND (opens IS NULL OR (opens >= 0 AND closes <= 1440 AND opens < closes)));
DROP INDEX messages_due;
CREATE INDEX messages_due ON messages (urgency, not_before, id) WHERE state IN ('queued', 'deferred');
CREATE INDEX messages_doubted ON messages (not_before) WHERE state = 'unknown';
CREATE INDEX messages_of_address ON messages (organization_id, to_address, id);
CREATE INDEX messages_concerning ON messages (organization_id, concerns, id) WHERE concerns IS NOT NULL;
CREATE INDEX messages_legal_lost ON messages (organization_id, id)
    WHERE category = 'legal' AND state IN ('rejected', 'dead', 'expired', 'bounced');
CREATE INDEX messages_legal_taken ON messages (ended_at) WHERE category = 'legal' AND state = 'accepted';

-- What happened to a message besides its attempts: its links were used, it came back, a person or a later fact decided.
CREATE TABLE message_events (
    organization_id bigint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    message_id bigint NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    kind text NOT NULL CHECK (kind IN ('opened', 'link_used', 'bounced', 'complained', 'replaced', 'superseded', 'unwanted',
        'cancelled', 'held', 'released', 'resent')),
    actor text NOT NULL,
    detail text NOT NULL DEFAULT '',
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, message_id) REFERENCES messages (organization_id, id)
);
CREATE INDEX message_events_of_message ON message_events (organization_id, message_id, id);
SELECT protect_append_only('message_events');
GRANT SELECT, INSERT ON message_events TO yui_queue;
CREATE POLICY every_town ON message_events TO yui_queue USING (true);

-- How one person wants their mails. No row: everything as the categories' rules say.
CREATE TABLE mail_settings (
    organization_id bigint NOT NULL,
    person_id bigint NOT NULL,
    work boolean NOT NULL,
    offers text NOT NULL CHECK (offers IN ('at_once', 'daily', 'off')),
    -- The hour of the day at which gathered offers come.
    digest_hour smallint NOT NULL CHECK (digest_hour BETWEEN 0 AND 23),
    -- Advertising; true is the recorded wish to get it (特定電子メール法 art. 3).
    news boolean NOT NULL,
    opens smallint NOT NULL CHECK (opens BETWEEN 0 AND 1439),
    closes smallint NOT NULL CHECK (closes BETWEEN 1 AND 1440),
    zone text NOT NULL,
    changed_at timestamptz NOT NULL,
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (organization_id, person_id),
    FOREIGN KEY (organization_id, person_id) REFERENCES persons (organization_id, id),
    CHECK (opens < closes)
);
SELECT protect('mail_settings');
SELECT audited('mail_settings', 'person_id', 'work', 'offers', 'news');

-- Whether a client's contact may be sent advertising, and how we know. The latest row counts; all stay as proof.
CREATE TABLE mail_consents (
    organization_id bigint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    contact_id bigint NOT NULL,
    basis text NOT NULL CHECK (basis IN ('asked_for', 'business_card', 'client', 'published', 'refused')),
    note text NOT NULL DEFAULT '' CHECK (length(note) <= 400),
    recorded_at timestamptz NOT NULL,
    recorded_by text NOT NULL,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, contact_id) REFERENCES contacts (organization_id, id)
);
CREATE INDEX mail_consents_of_contact ON mail_consents (organization_id, contact_id, id);
SELECT protect_append_only('mail_consents');

-- Offers that wait for a person's daily mail.
CREATE TABLE mail_digest_items (
    organization_id bigint NOT NULL,
    person_id bigint NOT NULL,
    concerns text NOT NULL CHECK (length(concerns) BETWEEN 1 AND 100),
    added_at timestamptz NOT NULL,
    PRIMARY KEY (organization_id, person_id, concerns),
    FOREIGN KEY (organization_id, person_id) REFERENCES persons (organization_id, id)
);
SELECT protect('mail_digest_items');

-- Addresses a relay has called dead. Lifted by a person, who says why.
CREATE TABLE mail_suppressions (
    organization_id bigint NOT NULL REFERENCES organizations (id),
    id bigint GENERATED ALWAYS AS IDENTITY,
    address_key text NOT NULL CHECK (length(address_key) BETWEEN 3 AND 254),
    message_id bigint NOT NULL,
    since timestamptz NOT NULL,
    lifted_at timestamptz,
    lifted_by text,
    lift_reason text CHECK (length(lift_reason) BETWEEN 1 AND 400),
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, message_id) REFERENCES messages (organization_id, id),
    CHECK ((lifted_at IS NULL) = (lifted_by IS NULL) AND (lifted_at IS NULL) = (lift_reason IS NULL))
);
CREATE UNIQUE INDEX mail_suppressions_live ON mail_suppressions (organization_id, address_key) WHERE lifted_at IS NULL;
CREATE INDEX mail_suppressions_message ON mail_suppressions (organization_id, message_id);
SELECT protect('mail_suppressions');
SELECT audited('mail_suppressions', 'message_id', 'lifted_at');
GRANT SELECT, INSERT ON mail_suppressions TO yui_queue;
CREATE POLICY every_town ON mail_suppressions TO yui_queue USING (true);

-- People a coordinator has to call, because what the law wants them told did not reach them by mail.
CREATE TABLE mail_calls (
    organization_id bigint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    message_id bigint NOT NULL,
    reason text NOT NULL CHECK (reason IN ('not_delivered', 'bounced', 'not_read', 'address_dead')),
    opened_at timestamptz NOT NULL,
    done_at timestamptz,
    done_by bigint,
    note text NOT NULL DEFAULT '' CHECK (length(note) <= 400),
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, message_id) REFERENCES messages (organization_id, id),
    FOREIGN KEY (organization_id, done_by) REFERENCES persons (organization_id, id),
    CHECK ((done_at IS NULL) = (done_by IS NULL))
);
CREATE UNIQUE INDEX mail_calls_of_message ON mail_calls (organization_id, message_id);
CREATE INDEX mail_calls_open ON mail_calls (organization_id, id) WHERE done_at IS NULL;
CREATE INDEX mail_calls_done_by ON mail_calls (organization_id, done_by);
SELECT protect('mail_calls');
SELECT audited('mail_calls', 'message_id', 'reason', 'done_at', 'done_by');
GRANT SELECT ON mail_calls TO yui_queue;
CREATE POLICY every_town ON mail_calls FOR SELECT TO yui_queue USING (true);

-- A town's own wording of a mail, version by version; the newest counts, and NULL there means Yui's own again.
CREATE TABLE mail_texts (
    organization_id bigint NOT NULL REFERENCES organizations (id),
    template text NOT NULL,
    language text NOT NULL CHECK (language IN ('ja', 'en')),
    version integer NOT NULL CHECK (version > 0),
    subject text CHECK (length(subject) BETWEEN 1 AND 200),
    body text CHECK (length(body) BETWEEN 1 AND 8000),
    written_at timestamptz NOT NULL,
    written_by text NOT NULL,
    PRIMARY KEY (organization_id, template, language, version),
    CHECK ((subject IS NULL) = (body IS NULL))
);
SELECT protect_append_only('mail_texts');
SELECT audited('mail_texts', 'template', 'language', 'version');
