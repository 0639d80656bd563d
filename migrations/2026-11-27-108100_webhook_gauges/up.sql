-- Why: monitoring was told of no message to a program that did not arrive.

SET LOCAL lock_timeout = '2s';

-- What became of them and when; neither where they go nor what they say.
GRANT SELECT (organization_id, id, state, created_at, ended_at) ON webhook_deliveries TO yui_queue;
CREATE POLICY every_town ON webhook_deliveries FOR SELECT TO yui_queue USING (true);
