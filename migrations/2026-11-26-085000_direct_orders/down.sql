-- Why: back to orders that are played through as deals somebody won.
DROP TABLE repeat_wishes;
ALTER TABLE orders DROP COLUMN repeats_id;
ALTER TABLE deals DROP COLUMN direct_source;
