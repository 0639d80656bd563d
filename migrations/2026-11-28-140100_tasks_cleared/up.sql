-- Why: a flood of tasks that nobody wants could be paused, and taken back only one by one.

SET LOCAL lock_timeout = '2s';

ALTER TABLE task_decisions DROP CONSTRAINT task_decisions_deed_check, DROP CONSTRAINT task_decisions_check;
ALTER TABLE task_decisions
    ADD CONSTRAINT task_decisions_deed_check
        CHECK (deed IN ('retried', 'redriven', 'discarded', 'cancelled', 'cleared', 'paused', 'resumed')),
    ADD CONSTRAINT task_decisions_check CHECK ((task_id IS NULL) = (deed IN ('redriven', 'cleared', 'paused', 'resumed')));
