-- Why: back to interviews that do not say where to join.
SET LOCAL lock_timeout = '2s';
ALTER TABLE interviews DROP COLUMN join_at;
