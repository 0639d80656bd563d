-- Why: back to counting every unit when asked.
DROP TRIGGER units_counted ON units;
DROP TRIGGER units_counted_out ON units;
DROP TRIGGER units_counted_in ON units;
DROP FUNCTION count_units();
DROP TABLE unit_counts;
