-- Why: back to imports that remember their rows for ever; what was forgotten stays so.

SET LOCAL lock_timeout = '2s';

ALTER TABLE imports DROP COLUMN forgotten_at;
