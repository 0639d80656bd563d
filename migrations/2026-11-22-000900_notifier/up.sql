-- Why: every mail as a row before it is a connection: intent, frozen bytes, attempts, outcome.

SET LOCAL lock_timeout = '2s';

CREATE TABLE messages (
    organization_id bigint NOT NULL REFERENCES organizations (id),
    id bigint GENERATED ALWAYS AS IDENTITY,
    -- The event that caused it; NULL for mails asked for directly (sign-in codes, test sends).
    event_id bigint,
    category text NOT NULL CHECK (category IN ('account', 'legal', 'work', 'digest', 'commercial')),
    template text NOT NULL,
    language text NOT NULL CHECK (language IN ('ja', 'en')),
    person_id bigint,
    contact_id bigint,
    to_name text NOT NULL,
    to_address text NOT NULL,
    -- The envelope's sender, frozen with the From header.
    from_address text NOT NULL,
    subject text NOT NULL,
    state text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'claimed', 'sending', 'accepted', 'deferred',
        'rejected', 'unknown', 'held', 'cancelled', 'dead', 'bounced', 'complained', 'expired')),
    not_before timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    attempt smallint NOT NULL DEFAULT 0,
    lease bigint,
    lease_until timestamptz,
    message_id text NOT NULL UNIQUE,
    -- Who caused it: system, person:42, outside.
    asked_by text NOT NULL,
    -- The message a person had sent once more, and why.
    resend_of bigint,
    resend_reason text CHECK (length(resend_reason) BETWEEN 1 AND 400),
    created_at timestamptz NOT NULL,
    ended_at timestamptz,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, event_id) REFERENCES events (organization_id, id),
    FOREIGN KEY (organization_id, person_id) REFERENCES persons (organization_id, id),
    FOREIGN KEY (organization_id, contact_id) REFERENCES contacts (organization_id, id),
    FOREIGN KEY (organization_id, resend_of) REFERENCES messages (organization_id, id),
    CHECK (person_id IS NULL OR contact_id IS NULL),
    CHECK ((resend_of IS NULL) = (resend_reason IS NULL)),
    CHECK ((state IN ('claimed', 'sending')) = (lease IS NOT NULL)),
    CHECK ((lease IS NULL) = (lease_until IS NULL)),
    CHECK ((state IN ('accepted', 'rejected', 'cancelled', 'dead', 'bounced', 'complained', 'expired')) = (ended_at IS NOT NULL))
);
CREATE UNIQUE INDEX messages_once ON messages (organization_id, event_id, to_address, category, template) WHERE event_id IS NOT NULL;
CREATE INDEX messages_due ON messages (not_before, id) WHERE state IN ('queued', 'deferred', 'unknown');
CREATE INDEX messages_stale ON messages (expires_at) WHERE state IN ('queued', 'deferred', 'unknown');
CREATE INDEX messages_lease ON messages (lease_until) WHERE state IN ('claimed', 'sending');
CREATE INDEX messages_by_state ON messages (organization_id, state, id);
CREATE INDEX messages_person ON messages (organization_id, person_id, id);
CREATE INDEX messages_contact ON messages (organization_id, contact_id, id);
CREATE INDEX messages_resend_of ON messages (organization_id, resend_of);
SELECT protect('messages');
GRANT SELECT, UPDATE ON messages TO yui_queue;
CREATE POLICY every_town ON messages TO yui_queue USING (true);
CREATE SEQUENCE message_leases;
GRANT USAGE ON SEQUENCE message_leases TO yui_queue;

-- The mail as it goes over the wire, frozen once: every retry sends these very bytes.
CREATE TABLE message_bytes (
    organization_id bigint NOT NULL,
    message_id bigint NOT NULL,
    bytes bytea NOT NULL,
    sha256 bytea NOT NULL CHECK (length(sha256) = 32),
    PRIMARY KEY (organization_id, message_id),
    FOREIGN KEY (organization_id, message_id) REFERENCES messages (organization_id, id)
);
SELECT protect_append_only('message_bytes');
GRANT SELECT ON message_bytes TO yui_queue;
CREATE POLICY every_town ON message_bytes FOR SELECT TO yui_queue USING (true);

CREATE TABLE message_attempts (
    organization_id bigint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    message_id bigint NOT NULL,
    attempt smallint NOT NULL,
    relay text NOT NULL,
    started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    ended_at timestamptz,
    outcome text CHECK (outcome IN ('accepted', 'deferred', 'rejected', 'held', 'unknown', 'relay_down')),
    stage text,
    -- Why the relay refused or put it off, in the driver's words; and whether the address is dead.
    reason text,
    suppress boolean NOT NULL DEFAULT false,
    reply text,
    transcript text,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, message_id) REFERENCES messages (organization_id, id),
    CHECK ((ended_at IS NULL) = (outcome IS NULL))
);
CREATE INDEX message_attempts_of_message ON message_attempts (organization_id, message_id, id);
CREATE INDEX message_attempts_open ON message_attempts (organization_id, message_id) WHERE ended_at IS NULL;
SELECT protect('message_attempts');
GRANT SELECT, INSERT, UPDATE ON message_attempts TO yui_queue;
CREATE POLICY every_town ON message_attempts TO yui_queue USING (true);

-- What the sandbox mailbox received over SMTP, for a person to read.
CREATE TABLE sandbox_mails (
    organization_id bigint NOT NULL REFERENCES organizations (id),
    id bigint GENERATED ALWAYS AS IDENTITY,
    received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    sender text NOT NULL,
    recipient text NOT NULL,
    raw bytea NOT NULL,
    PRIMARY KEY (organization_id, id)
);
CREATE INDEX sandbox_mails_of_recipient ON sandbox_mails (organization_id, recipient, id);
SELECT protect('sandbox_mails');
GRANT INSERT ON sandbox_mails TO yui_queue;
CREATE POLICY every_town ON sandbox_mails FOR INSERT TO yui_queue WITH CHECK (true);
