-- Why: back to versions that anybody may be reading.
DROP TABLE review_leases;
DROP TABLE quality_settings;
