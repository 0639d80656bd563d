-- Why: back to taking tasks back one by one.

SET LOCAL lock_timeout = '2s';

DELETE FROM task_decisions WHERE deed = 'cleared';
ALTER TABLE task_decisions DROP CONSTRAINT task_decisions_deed_check, DROP CONSTRAINT task_decisions_check;
ALTER TABLE task_decisions
    ADD CONSTRAINT task_decisions_deed_check
        CHECK (deed IN ('retried', 'redriven', 'discarded', 'cancelled', 'paused', 'resumed')),
    ADD CONSTRAINT task_decisions_check CHECK ((task_id IS NULL) = (deed IN ('redriven', 'paused', 'resumed')));
