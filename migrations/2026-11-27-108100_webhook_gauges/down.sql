DROP POLICY every_town ON webhook_deliveries;
REVOKE SELECT (organization_id, id, state, created_at, ended_at) ON webhook_deliveries FROM yui_queue;
