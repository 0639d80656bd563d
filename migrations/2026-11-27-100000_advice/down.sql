-- Why: back to findings that are one line, and to advice in a notebook.
UPDATE findings SET state = 'open' WHERE state = 'decided';
ALTER TABLE findings
    DROP CONSTRAINT findings_decided,
    DROP CONSTRAINT findings_state_check,
    ADD CONSTRAINT findings_state_check CHECK (state IN ('open', 'settled')),
    DROP COLUMN session_id,
    DROP COLUMN decided_by,
    DROP COLUMN decided_at,
    DROP COLUMN decision,
    DROP COLUMN due_on,
    DROP COLUMN owner_id,
    DROP COLUMN evidence,
    DROP COLUMN kind;
DROP TABLE advice_alerts;
DROP TABLE advice_sessions;
