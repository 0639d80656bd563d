-- Why: what expired while no relay took mail stood among mails that nobody had tried, and nobody was told what stopped it.

SET LOCAL lock_timeout = '2s';

-- What kept every relay from taking mail when a mail expired that was due.
CREATE TABLE message_troubles (
    organization_id bigint NOT NULL,
    message_id bigint NOT NULL,
    at timestamptz NOT NULL,
    -- How far the last conversation got: auth for a wrong password.
    stage text NOT NULL,
    -- What the relay said; NULL: nothing.
    reply text,
    PRIMARY KEY (organization_id, message_id),
    FOREIGN KEY (organization_id, message_id) REFERENCES messages (organization_id, id)
);
SELECT protect_append_only('message_troubles');
GRANT SELECT, INSERT ON message_troubles TO yui_queue;
CREATE POLICY every_town ON message_troubles TO yui_queue USING (true);
