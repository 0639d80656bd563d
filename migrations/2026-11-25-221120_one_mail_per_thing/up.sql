-- Why: one event can be about several things of one reader, such as three units returned at once: each is a mail of its own.

SET LOCAL lock_timeout = '2s';

DROP INDEX messages_once;
CREATE UNIQUE INDEX messages_once ON messages (organization_id, event_id, to_address, category, template, concerns)
    NULLS NOT DISTINCT WHERE event_id IS NOT NULL;
