-- Why: part of an order could not be entrusted to a partner town without typing it again there, and nobody heard how far it was.

SET LOCAL lock_timeout = '2s';

-- owner: fulfillment. One share is two rows, one in each town, with the same document.
CREATE TABLE shares (
    organization_id bigint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    partner_id bigint NOT NULL,
    -- out: entrusted by this town; in: offered to it.
    side text NOT NULL CHECK (side IN ('out', 'in')),
    -- The sharing town's own row of it.
    document_id bigint,
    -- This town's own order: of which it is a part, or which it became.
    order_id bigint,
    -- The deal it was accepted as; no foreign key, because sales and fulfillment never see each other.
    deal_id bigint,
    -- The document. The application may not change it.
    title text NOT NULL CHECK (length(title) BETWEEN 1 AND 200),
    work text NOT NULL CHECK (length(work) BETWEEN 1 AND 4000),
    quantity integer NOT NULL CHECK (quantity > 0),
    unit_price bigint NOT NULL CHECK (unit_price > 0),
    unit_minutes integer NOT NULL CHECK (unit_minutes > 0),
    due_on date NOT NULL,
    -- The sharing town and the day on which it pays: what a re-entrusted work's terms must say (Freelance Act art. 4 para. 3).
    orderer text NOT NULL CHECK (length(orderer) BETWEEN 1 AND 200),
    orderer_email text NOT NULL,
    pay_on date NOT NULL,
    -- Whose work it is in the end; empty where the sharing town does not say.
    end_client text NOT NULL CHECK (length(end_client) <= 200),
    message text NOT NULL CHECK (length(message) <= 2000),
    offered_at timestamptz NOT NULL,
    -- How it stands. The receiving town's row decides; the other repeats what it hears.
    state text NOT NULL CHECK (state IN ('offered', 'accepted', 'declined', 'withdrawn', 'finished', 'cancelled')),
    -- Since when the sharing town wants it back.
    withdraw_asked_at timestamptz,
    answered_at timestamptz,
    reason text NOT NULL DEFAULT '' CHECK (length(reason) <= 2000),
    -- Pieces before the sharing town, and those of them that it accepted.
    delivered integer NOT NULL DEFAULT 0,
    accepted integer NOT NULL DEFAULT 0,
    -- When something was last done or heard.
    heard_at timestamptz NOT NULL,
    version integer NOT NULL DEFAULT 1,
    heard_version integer NOT NULL DEFAULT 0,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, partner_id) REFERENCES partners (organization_id, id),
    FOREIGN KEY (organization_id, order_id) REFERENCES orders (organization_id, id),
    CONSTRAINT shares_of_a_document CHECK ((side = 'in') = (document_id IS NOT NULL)),
    CONSTRAINT shares_of_an_order CHECK (side = 'in' OR order_id IS NOT NULL AND deal_id IS NULL),
    CONSTRAINT shares_accepted_as_a_deal CHECK (side = 'out' OR (deal_id IS NULL) = (state IN ('offered', 'declined', 'withdrawn'))),
    CONSTRAINT shares_answered CHECK ((answered_at IS NULL) = (state = 'offered')),
    CONSTRAINT shares_declined_because CHECK ((reason <> '') = (state = 'declined')),
    CONSTRAINT shares_accepted_is_delivered CHECK (accepted BETWEEN 0 AND delivered)
);
-- A document is there once, however often it arrives.
CREATE UNIQUE INDEX shares_once ON shares (organization_id, partner_id, document_id) WHERE side = 'in';
-- A deal is one share's.
CREATE UNIQUE INDEX shares_one_deal ON shares (organization_id, deal_id);
CREATE INDEX shares_of_partner ON shares (organization_id, partner_id, answered_at);
CREATE INDEX shares_of_order ON shares (organization_id, order_id);
CREATE INDEX shares_by_side ON shares (organization_id, side, id);
SELECT protect('shares');
REVOKE UPDATE, DELETE ON shares FROM yui_app;
GRANT UPDATE (order_id, deal_id, state, withdraw_asked_at, answered_at, reason, delivered, accepted, heard_at,
    version, heard_version) ON shares TO yui_app;
SELECT audited('shares', 'side', 'partner_id', 'order_id', 'state', 'delivered', 'accepted');
