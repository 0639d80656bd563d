-- Why: how much of the tax the town may deduct goes by the day of each supply, and a statement may hold days on either side of a change.

SET LOCAL lock_timeout = '2s';

-- In percent. Lines from before have what was said of their whole version, by its day of closing.
ALTER TABLE statement_lines ADD COLUMN deductible_percent smallint CHECK (deductible_percent BETWEEN 0 AND 100);
ALTER TABLE statement_lines DISABLE TRIGGER USER;
UPDATE statement_lines l SET deductible_percent = v.deductible_percent FROM statement_versions v
    WHERE v.organization_id = l.organization_id AND v.statement_id = l.statement_id AND v.number = l.number;
ALTER TABLE statement_lines ENABLE TRIGGER USER;
ALTER TABLE statement_lines ALTER COLUMN deductible_percent SET NOT NULL;
COMMENT ON COLUMN statement_versions.deductible_percent IS 'The least of its lines''.';
