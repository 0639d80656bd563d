DROP FUNCTION task_depths(integer);
ALTER TABLE task_pauses DROP CONSTRAINT task_pauses_kind_check;
DROP INDEX tasks_aside;
