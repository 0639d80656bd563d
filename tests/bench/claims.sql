-- What one claim of one unit asks of the database, statement by statement as `fulfillment::claims::claim` does, for pgbench.
-- The words and the hash of the notice are a real one's.
\set n random(0, :last)
\set person :first_person + :n
\set worker :first_worker + :n
BEGIN;
SELECT now(), set_config('yui.org', :town::text, true), set_config('yui.actor', 'person:' || :person::text, true), set_config('yui.request', '2', true);
SELECT id, person_id, state, weekly_minutes, registered_on, version FROM workers WHERE person_id = :person LIMIT 1;
SELECT id, person_id, state, weekly_minutes, registered_on, version FROM workers WHERE id = :worker LIMIT 1 FOR NO KEY UPDATE;
SELECT id, order_id FROM jobs WHERE id = :job LIMIT 1 FOR SHARE \gset job_
SELECT min(due_on) AS day FROM units WHERE job_id = :job AND state = 'offered' AND due_on >= current_date;
SELECT id, deal_id, company_id, contact_id, title, state, amount, due_on, client_terms, created_at, started_at, ended_at, version FROM orders WHERE id = :job_order_id LIMIT 1;
SELECT EXISTS (SELECT * FROM offers WHERE job_id = :job AND worker_id = :worker AND state <> 'withdrawn');
SELECT id, person_id, weekly_minutes FROM workers WHERE state = 'active' AND weekly_minutes > 0 AND id = :worker ORDER BY id;
SELECT sum(j.unit_minutes) FROM units u JOIN jobs j ON j.id = u.job_id WHERE u.holder_id = :person AND u.state = ANY (ARRAY['claimed', 'working', 'paused', 'returned']) LIMIT 1;
SELECT * FROM organizations WHERE id = :town LIMIT 1;
SELECT id, person_id, state, weekly_minutes, registered_on, version FROM workers WHERE id = :worker LIMIT 1;
SELECT * FROM persons WHERE id = :person LIMIT 1;
SELECT role FROM memberships WHERE person_id = :person;
SET LOCAL plan_cache_mode = force_generic_plan;
SELECT u.id FROM units u WHERE u.job_id = :job AND u.due_on IS NULL AND u.state >= 'offered' AND u.state <= 'offered'
    AND NOT EXISTS (SELECT * FROM reviews r WHERE r.unit_id = u.id AND r.checker_id = :person)
    AND NOT EXISTS (SELECT * FROM review_appeals p WHERE p.unit_id = u.id AND p.decided_by = :person)
    AND NOT EXISTS (SELECT * FROM assignments a WHERE a.unit_id = u.id AND a.person_id = :person AND a.end_kind = 'rejected')
    AND NOT EXISTS (SELECT * FROM earnings e WHERE e.unit_id = u.id AND e.person_id = :person AND e.kind = 'unit')
    AND NOT EXISTS (SELECT * FROM hand_overs h WHERE h.unit_id = u.id AND h.person_id = :person)
    ORDER BY u.state, u.position LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED \gset unit_
INSERT INTO terms_notices (job_id, worker_id, units, language, body, sha256, issued_at) VALUES (:job, :worker, 1, 'ja', '{body}', '\x{sha256}', now()) RETURNING id \gset notice_
WITH moved AS (UPDATE units SET state = 'claimed', version = version + 1, holder_id = COALESCE(:person, holder_id), passed_basis = CASE WHEN 'claimed' IN ('passed', 'delivered', 'accepted', 'claimed_back') THEN passed_basis END, cancel_fault = NULL, compensation = NULL WHERE units.id = ANY (ARRAY[:unit_id]::bigint[]) AND state = 'offered' RETURNING id)
    INSERT INTO unit_events (unit_id, from_state, to_state, actor, reason, note, happened_at) SELECT id, 'offered', 'claimed', 'person:' || :person::text, NULL, '', now() FROM moved ORDER BY id;
WITH made AS (INSERT INTO assignments (unit_id, worker_id, person_id, terms_notice_id, claimed_at, due_on) SELECT id, :worker, :person, :notice_id, now(), DATE '2099-12-01' FROM unnest(ARRAY[:unit_id]::bigint[]) AS claimed (id) RETURNING id, unit_id)
    SELECT made.id FROM made JOIN unnest(ARRAY[:unit_id]::bigint[]) WITH ORDINALITY AS claimed (id, place) ON claimed.id = made.unit_id ORDER BY claimed.place \gset hold_
INSERT INTO claim_spans (job_id, person_id, since, kept_from, kept_until, asked, look_at) VALUES (:job, :person, now(), now(), now() + interval '7 days', 0, now() + interval '3 days')
    ON CONFLICT (organization_id, job_id, person_id) DO UPDATE SET kept_from = excluded.kept_from, kept_until = excluded.kept_until, asked = 0, look_at = excluded.look_at;
INSERT INTO events (kind, payload, actor, occurred_at) VALUES ('units.claimed', jsonb_build_object('assignments', ARRAY[:hold_id]::bigint[], 'units', ARRAY[:unit_id]::bigint[], 'person', :person::bigint, 'worker', :worker::bigint, 'job', :job::bigint, 'job_title', 'データの入力', 'terms_notice', :notice_id::bigint, 'language', 'ja', 'due_on', '2099-12-01'), 'person:' || :person::text, now()) RETURNING id \gset event_
INSERT INTO tasks (kind, max_attempts, priority, state, payload) VALUES ('dispatch/units.claimed', 20, 2, 'ready', jsonb_build_object('event', :event_id::bigint)) ON CONFLICT DO NOTHING RETURNING id;
COMMIT;
