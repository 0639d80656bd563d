DROP TABLE claim_spans;
UPDATE assignments SET end_kind = 'taken_back' WHERE end_kind = 'expired';
ALTER TABLE assignments DROP CONSTRAINT assignments_end_kind_check;
ALTER TABLE assignments ADD CONSTRAINT assignments_end_kind_check
    CHECK (end_kind IN ('handed_back', 'taken_back', 'rejected', 'cancelled', 'completed'));
ALTER TABLE jobs DROP COLUMN keep_days;
