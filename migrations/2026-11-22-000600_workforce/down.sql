DROP TABLE worker_skills;
DROP TABLE worker_events;
DROP TABLE workers;
DROP TABLE skills;
