DROP TABLE finished_tasks;
DROP TABLE task_failures;
DROP TABLE tasks;
DROP SEQUENCE task_leases;
DROP TABLE events;
