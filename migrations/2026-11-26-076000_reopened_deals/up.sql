-- Why: a deal that was won by mistake stayed won for ever; it is opened again while its order is a draft, and the order goes with it.

SET LOCAL lock_timeout = '2s';

-- What was said about a step: why a deal is opened again.
ALTER TABLE deal_events ADD COLUMN note text NOT NULL DEFAULT '' CHECK (length(note) <= 1000);

-- An order that was taken back before anybody began it. Its deal may be won once more, and gets another one then.
ALTER TABLE orders ADD COLUMN withdrawn_because text CHECK (length(withdrawn_because) BETWEEN 1 AND 1000);
ALTER TABLE orders ADD CONSTRAINT orders_withdrawn_before_their_start
    CHECK (withdrawn_because IS NULL OR (state = 'cancelled' AND started_at IS NULL));
ALTER TABLE orders DROP CONSTRAINT orders_one_per_deal;
CREATE UNIQUE INDEX orders_one_per_deal ON orders (organization_id, deal_id) WHERE withdrawn_because IS NULL;
