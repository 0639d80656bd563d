DROP TABLE interviews;
DROP INDEX workers_waiting;
ALTER TABLE workers DROP COLUMN stands_since;
