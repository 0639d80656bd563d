-- Why: back to units of rows of text.
DROP TABLE unit_files;
