-- Why: back to returns without an end.
DROP TABLE coachings;
DROP TRIGGER reviews_rework_cap ON reviews;
DROP FUNCTION forbid_endless_rework();
ALTER TABLE reviews DROP COLUMN coaching;
