-- Why: back to one verdict each.
DROP TABLE second_looks;
DROP FUNCTION forbid_own_second_look();
ALTER TABLE quality_settings DROP COLUMN second_look_percent;
