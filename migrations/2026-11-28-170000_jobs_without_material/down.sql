-- Why: back to empty units that can be offered.
ALTER TABLE jobs DROP COLUMN lacks_material;
