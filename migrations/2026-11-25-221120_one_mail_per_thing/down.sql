DROP INDEX messages_once;
CREATE UNIQUE INDEX messages_once ON messages (organization_id, event_id, to_address, category, template)
    WHERE event_id IS NOT NULL;
