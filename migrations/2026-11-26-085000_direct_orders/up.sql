-- Why: an order that came by phone, or the same again, had to be played through as a deal that somebody won; now its won deal is recorded as what it is, and its order knows which one it repeats.

SET LOCAL lock_timeout = '2s';

-- How an order came for which nobody sold anything; none for a deal that was won. Rates of winning leave these out: nobody could have lost them.
ALTER TABLE deals ADD COLUMN direct_source text CHECK (direct_source IN ('phone', 'mail', 'visit', 'paper', 'repeat'));

-- The order that this one repeats, from whose jobs its own were made.
ALTER TABLE orders ADD COLUMN repeats_id bigint;
ALTER TABLE orders ADD CONSTRAINT orders_repeats
    FOREIGN KEY (organization_id, repeats_id) REFERENCES orders (organization_id, id);
CREATE INDEX orders_of_repeats ON orders (organization_id, repeats_id) WHERE repeats_id IS NOT NULL;

-- A client's wish for the same again, written on the page of a delivery they have answered. It orders nothing.
CREATE TABLE repeat_wishes (
    organization_id bigint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    order_id bigint NOT NULL,
    delivery_id bigint NOT NULL,
    -- Who wrote it, as they typed themselves.
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    -- The day they would like to have it.
    wished_on date NOT NULL,
    note text NOT NULL DEFAULT '' CHECK (length(note) <= 2000),
    state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'confirmed', 'declined')),
    wished_at timestamptz NOT NULL,
    decided_at timestamptz,
    decided_by bigint,
    PRIMARY KEY (organization_id, id),
    CONSTRAINT repeat_wishes_decided_whole CHECK ((state = 'open') = (decided_at IS NULL)
        AND (state = 'open') = (decided_by IS NULL)),
    FOREIGN KEY (organization_id, order_id) REFERENCES orders (organization_id, id),
    FOREIGN KEY (organization_id, delivery_id) REFERENCES deliveries (organization_id, id),
    FOREIGN KEY (organization_id, decided_by) REFERENCES persons (organization_id, id)
);
-- One wish at a time: pressed twice, or written on two deliveries' pages, it is still one.
CREATE UNIQUE INDEX repeat_wishes_one_open ON repeat_wishes (organization_id, order_id) WHERE state = 'open';
CREATE INDEX repeat_wishes_open ON repeat_wishes (organization_id, id) WHERE state = 'open';
CREATE INDEX repeat_wishes_of_order ON repeat_wishes (organization_id, order_id, id);
CREATE INDEX repeat_wishes_of_delivery ON repeat_wishes (organization_id, delivery_id);
CREATE INDEX repeat_wishes_decided_by ON repeat_wishes (organization_id, decided_by);
SELECT protect('repeat_wishes');
SELECT audited('repeat_wishes', 'order_id', 'wished_on', 'state');
