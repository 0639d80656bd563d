-- Why: what was uploaded within a day is summed before each upload, per person and per town.

SET LOCAL lock_timeout = '2s';

CREATE INDEX files_recent ON files (organization_id, created_at);
