-- Why: other people's programs are told what happens here: endpoints, and the messages to them with what became of each.

SET LOCAL lock_timeout = '2s';

CREATE TABLE webhook_endpoints (
    organization_id bigint NOT NULL REFERENCES organizations (id),
    id bigint GENERATED ALWAYS AS IDENTITY,
    url text NOT NULL CHECK (length(url) BETWEEN 10 AND 500),
    kinds text[] NOT NULL CHECK (cardinality(kinds) BETWEEN 1 AND 20),
    note text NOT NULL DEFAULT '' CHECK (length(note) <= 100),
    -- paused: by a person. stopped: by Yui, because nothing arrived for days or the endpoint said that it is gone.
    state text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'paused', 'stopped')),
    stopped_for text CHECK (stopped_for IN ('failing', 'gone')),
    -- The first try that failed since one last arrived.
    failing_since timestamptz,
    -- The key itself is derived from the server's own and never stored.
    key_version integer NOT NULL DEFAULT 1 CHECK (key_version > 0),
    rotated_at timestamptz,
    version integer NOT NULL DEFAULT 1 CHECK (version > 0),
    created_at timestamptz NOT NULL,
    created_by text NOT NULL,
    PRIMARY KEY (organization_id, id),
    CHECK ((state = 'stopped') = (stopped_for IS NOT NULL)),
    CHECK ((rotated_at IS NULL) = (key_version = 1))
);
CREATE UNIQUE INDEX webhook_endpoints_url ON webhook_endpoints (organization_id, url);
SELECT protect('webhook_endpoints');
-- Never its address: some carry a password in their path.
SELECT audited('webhook_endpoints', 'kinds', 'state', 'stopped_for', 'key_version');

-- Ids and counts alone; forgotten after a month.
CREATE TABLE webhook_deliveries (
    organization_id bigint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    endpoint_id bigint NOT NULL,
    event_id bigint,
    -- The header webhook-id: the same for every try and replay.
    message text NOT NULL CHECK (length(message) BETWEEN 5 AND 100),
    kind text NOT NULL CHECK (length(kind) BETWEEN 1 AND 100),
    body text NOT NULL CHECK (length(body) BETWEEN 2 AND 10000),
    -- waiting: until its endpoint goes on.
    state text NOT NULL CHECK (state IN ('pending', 'waiting', 'delivered', 'failed')),
    attempts smallint NOT NULL DEFAULT 0,
    status smallint CHECK (status BETWEEN 100 AND 999),
    problem text NOT NULL DEFAULT '' CHECK (length(problem) <= 400),
    replay_of bigint,
    created_at timestamptz NOT NULL,
    ended_at timestamptz,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, endpoint_id) REFERENCES webhook_endpoints (organization_id, id),
    CHECK ((ended_at IS NULL) = (state IN ('pending', 'waiting')))
);
CREATE UNIQUE INDEX webhook_deliveries_once ON webhook_deliveries (organization_id, endpoint_id, event_id)
    WHERE event_id IS NOT NULL AND replay_of IS NULL;
CREATE INDEX webhook_deliveries_of_endpoint ON webhook_deliveries (organization_id, endpoint_id, id);
CREATE INDEX webhook_deliveries_age ON webhook_deliveries (organization_id, created_at);
SELECT protect('webhook_deliveries');
