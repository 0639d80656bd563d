-- Why: leads that nobody has answered were listed newest first, so the one whose answer is due first stood at the end.

SET LOCAL lock_timeout = '2s';

CREATE INDEX leads_in_turn ON leads (organization_id, (COALESCE(answer_by, 'infinity'::date)), id) WHERE state = 'new';
