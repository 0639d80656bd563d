-- Why: an order closed, and counted in full, once the units split so far were accepted; now ordered pieces decide, or a person.

SET LOCAL lock_timeout = '2s';

-- How many of the ordered pieces one unit stands for.
ALTER TABLE jobs ADD COLUMN unit_pieces integer NOT NULL DEFAULT 1 CHECK (unit_pieces BETWEEN 1 AND 1000000);

-- Why an order was closed with fewer pieces than were ordered; empty when everything was accepted.
ALTER TABLE orders ADD COLUMN short_reason text CHECK (length(short_reason) BETWEEN 1 AND 2000);
ALTER TABLE orders ADD CONSTRAINT orders_short_when_closed CHECK (short_reason IS NULL OR state = 'closed');
