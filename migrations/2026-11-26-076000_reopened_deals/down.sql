-- Why: back to deals that are won once and for all; an order that was taken back has to be gone before.

SET LOCAL lock_timeout = '2s';

DROP INDEX orders_one_per_deal;
ALTER TABLE orders ADD CONSTRAINT orders_one_per_deal UNIQUE (organization_id, deal_id);
ALTER TABLE orders DROP CONSTRAINT orders_withdrawn_before_their_start;
ALTER TABLE orders DROP COLUMN withdrawn_because;
ALTER TABLE deal_events DROP COLUMN note;
