ALTER TABLE deals DROP COLUMN repeats_id;
ALTER TABLE deals DROP COLUMN amount_basis;
DROP TABLE deal_lines;
