ALTER TABLE orders DROP COLUMN short_reason;
ALTER TABLE jobs DROP COLUMN unit_pieces;
