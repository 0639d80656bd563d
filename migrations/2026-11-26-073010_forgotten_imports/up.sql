-- Why: the rows of a file hold what people said about themselves; half a year after an import nobody takes it back any more, and its counts are all that is needed of it.

SET LOCAL lock_timeout = '2s';

ALTER TABLE imports
    ADD COLUMN forgotten_at timestamptz,
    ADD CONSTRAINT imports_forgotten_when_over CHECK (
        forgotten_at IS NULL OR state IN ('applied', 'undone', 'cancelled', 'refused'));
CREATE INDEX imports_remembered ON imports (organization_id, created_at) WHERE forgotten_at IS NULL;
