-- What must never happen to work: product.md, "What must never happen"; queue.md 5b.

-- rule: a unit is held by one person at a time
SELECT format('unit %s, holds %s and %s', a.unit_id, a.id, b.id)
FROM assignments a
JOIN assignments b ON b.organization_id = a.organization_id AND b.unit_id = a.unit_id AND b.id > a.id
WHERE a.ended_at IS NULL OR b.claimed_at < a.ended_at;

-- rule: whoever a unit says holds it has a live hold on it
SELECT format('unit %s is %s', u.id, u.state)
FROM units u
LEFT JOIN assignments a ON a.organization_id = u.organization_id AND a.unit_id = u.id AND a.ended_at IS NULL
WHERE (u.state IN ('claimed', 'working', 'paused', 'submitted', 'checking', 'returned', 'passed', 'delivered',
        'claimed_back')) IS DISTINCT FROM (a.id IS NOT NULL AND a.person_id = u.holder_id);

-- rule: nobody checks a unit they made a version or a part of
SELECT format('review %s by person %s', r.id, r.checker_id)
FROM reviews r
WHERE EXISTS (SELECT FROM submissions s
        WHERE s.organization_id = r.organization_id AND s.unit_id = r.unit_id AND s.maker_id = r.checker_id)
    OR EXISTS (SELECT FROM hand_overs h
        WHERE h.organization_id = r.organization_id AND h.unit_id = r.unit_id AND h.person_id = r.checker_id);

-- rule: a job of two looks has two people look, and the second looks at what the first let pass
SELECT format('review %s by person %s', r.id, r.checker_id)
FROM reviews r
JOIN units u ON u.organization_id = r.organization_id AND u.id = r.unit_id
JOIN jobs j ON j.organization_id = u.organization_id AND j.id = u.job_id
LEFT JOIN reviews p ON p.organization_id = r.organization_id AND p.submission_id = r.submission_id AND NOT p.is_last
WHERE (r.level = 2 AND (p.id IS NULL OR p.checker_id = r.checker_id OR p.reviewed_at > r.reviewed_at))
    OR (r.is_last AND r.verdict = 'pass' AND r.level <> j.review_levels);

-- rule: nothing is delivered that had not passed by then
SELECT format('delivery %s, unit %s', d.delivery_id, d.unit_id)
FROM delivery_units d
JOIN deliveries v ON v.organization_id = d.organization_id AND v.id = d.delivery_id
JOIN units u ON u.organization_id = d.organization_id AND u.id = d.unit_id
WHERE u.passed_basis IS DISTINCT FROM 'sampled_out' AND NOT EXISTS (
    SELECT FROM reviews r WHERE r.organization_id = d.organization_id AND r.submission_id = d.submission_id
        AND r.verdict = 'pass' AND r.is_last AND r.reviewed_at <= v.sent_at)
    AND NOT EXISTS (SELECT FROM review_appeals p WHERE p.organization_id = d.organization_id
        AND p.submission_id = d.submission_id AND p.outcome = 'passed' AND p.decided_at <= v.sent_at);

-- rule: nothing passed unseen but by a lot that was committed to before, and that came out so
SELECT format('unit %s', u.id)
FROM units u
WHERE u.passed_basis = 'sampled_out' AND NOT EXISTS (
    SELECT FROM sampling_draws d
    JOIN sampling_seeds e ON e.organization_id = d.organization_id AND e.id = d.seed_id
    JOIN submissions s ON s.organization_id = d.organization_id AND s.id = d.submission_id
    WHERE d.organization_id = u.organization_id AND d.unit_id = u.id AND NOT d.is_looked_at
        AND e.committed_at <= s.submitted_at AND e.commitment = sha256(e.seed)
        AND (SELECT sum(get_byte(sha256(e.seed || int8send(d.number::bigint)), byte)::numeric * 256::numeric ^ (7 - byte))
            FROM generate_series(0, 7) byte) % d.one_in <> 0);

-- rule: what is delivered is the newest version there was
SELECT format('delivery %s, unit %s', d.delivery_id, d.unit_id)
FROM delivery_units d
JOIN deliveries v ON v.organization_id = d.organization_id AND v.id = d.delivery_id
JOIN submissions mine ON mine.organization_id = d.organization_id AND mine.id = d.submission_id
WHERE mine.unit_id <> d.unit_id OR EXISTS (
    SELECT FROM submissions s WHERE s.organization_id = d.organization_id AND s.unit_id = d.unit_id
        AND s.number > mine.number AND s.submitted_at < v.sent_at);

-- rule: nobody works without terms of their own for that very job, whole and told of
SELECT format('hold %s, terms %s', a.id, a.terms_notice_id)
FROM assignments a
JOIN units u ON u.organization_id = a.organization_id AND u.id = a.unit_id
LEFT JOIN terms_notices t ON t.organization_id = a.organization_id AND t.id = a.terms_notice_id
WHERE t.id IS NULL OR t.worker_id <> a.worker_id OR t.job_id <> u.job_id
    OR t.sha256 <> sha256(convert_to(t.body, 'UTF8'))
    OR NOT EXISTS (SELECT FROM events e WHERE e.organization_id = a.organization_id
        AND e.kind IN ('units.claimed', 'extension.accepted') AND e.payload ->> 'terms_notice' = t.id::text);

-- rule: no pay is less than agreed but for a part that was handed over or work that was called off
SELECT format('earning %s of %s yen', e.id, e.amount)
FROM earnings e
JOIN units u ON u.organization_id = e.organization_id AND u.id = e.unit_id
JOIN jobs j ON j.organization_id = u.organization_id AND j.id = u.job_id
WHERE (e.kind = 'unit' AND e.amount <> COALESCE((
        -- What the job paid when these terms were first worked under, where its pay was another later on.
        SELECT (c.kept -> 'unit_pay' ->> 0)::bigint FROM audit_entries c
        WHERE c.organization_id = e.organization_id AND c.table_name = 'jobs' AND c.row_id = j.id::text
            AND c.operation = 'update' AND 'unit_pay' = ANY (c.changed) AND c.id > (
                SELECT min(m.id) FROM assignments a
                JOIN audit_entries m ON m.organization_id = a.organization_id AND m.table_name = 'assignments'
                    AND m.row_id = a.id::text AND m.operation = 'insert'
                WHERE a.organization_id = e.organization_id AND a.unit_id = e.unit_id
                    AND a.terms_notice_id = e.terms_notice_id)
        ORDER BY c.id LIMIT 1), j.unit_pay)) OR e.amount < 0
    OR (e.kind = 'share' AND NOT EXISTS (SELECT FROM hand_overs h WHERE h.organization_id = e.organization_id
        AND h.id = e.hand_over_id AND (h.decided_tenths >= h.tenths OR h.reason <> '')))
    OR (e.kind = 'compensation' AND u.state <> 'cancelled');

-- rule: whoever's work passed, or was refused through no fault of theirs, has earned it
SELECT format('submission %s of person %s', s.id, s.maker_id)
FROM submissions s
JOIN reviews r ON r.organization_id = s.organization_id AND r.submission_id = s.id
WHERE (r.verdict = 'pass' AND r.is_last OR r.verdict = 'reject' AND r.fault <> 'worker') AND NOT EXISTS (
    SELECT FROM earnings e WHERE e.organization_id = s.organization_id AND e.unit_id = s.unit_id
        AND e.person_id = s.maker_id AND e.kind = 'unit');

-- rule: every step against somebody's work has a reason, a fault and words
SELECT format('review %s', id) FROM reviews
WHERE verdict <> 'pass' AND (reason IS NULL OR fault IS NULL OR comment = '');

-- rule: no row names another town's people
SELECT format('%s by %s in town %s', found.source, found.actor, found.organization_id)
FROM (
    SELECT 'unit event' AS source, organization_id, actor FROM unit_events
    UNION SELECT 'event', organization_id, actor FROM events
    UNION SELECT 'audit entry', organization_id, actor FROM audit_entries) found
WHERE found.actor ~ '^person:[0-9]+$' AND NOT EXISTS (
    SELECT FROM persons p WHERE p.organization_id = found.organization_id
        AND p.id = substring(found.actor FROM '[0-9]+')::bigint);

-- rule: no delivery is accepted by opening its link: a code was sent before, and a name was given
SELECT format('delivery %s', d.id)
FROM deliveries d
WHERE d.answered_at IS NOT NULL AND (d.answered_name IS NULL OR d.answered_name = '' OR NOT EXISTS (
    SELECT FROM delivery_accesses a WHERE a.organization_id = d.organization_id AND a.delivery_id = d.id
        AND a.kind = 'code_sent' AND a.happened_at <= d.answered_at AND a.happened_at >= d.answered_at - interval '10 minutes'));

-- rule: only clients accept
SELECT format('unit %s, by %s', e.unit_id, e.actor) FROM unit_events e
WHERE e.to_state = 'accepted' AND e.actor ~ '^person:';

-- rule: a unit goes only where the machine leads
SELECT format('unit %s, from %s to %s', e.unit_id, e.from_state, e.to_state)
FROM unit_events e
WHERE (COALESCE(e.from_state, ''), e.to_state) NOT IN (
    ('', 'draft'), ('draft', 'offered'), ('offered', 'draft'), ('offered', 'claimed'), ('claimed', 'working'),
    ('working', 'paused'), ('paused', 'working'), ('working', 'submitted'),
    ('claimed', 'offered'), ('working', 'offered'), ('paused', 'offered'), ('returned', 'offered'),
    ('submitted', 'working'), ('submitted', 'checking'), ('submitted', 'passed'), ('submitted', 'returned'),
    ('submitted', 'rejected'), ('checking', 'submitted'), ('checking', 'passed'), ('checking', 'returned'), ('checking', 'rejected'),
    ('returned', 'working'), ('returned', 'passed'), ('passed', 'delivered'), ('delivered', 'accepted'),
    ('delivered', 'claimed_back'), ('claimed_back', 'working'), ('claimed_back', 'offered'),
    ('rejected', 'offered'), ('rejected', 'passed'), ('draft', 'cancelled'), ('offered', 'cancelled'), ('claimed', 'cancelled'),
    ('working', 'cancelled'), ('paused', 'cancelled'), ('submitted', 'cancelled'), ('checking', 'cancelled'),
    ('returned', 'cancelled'), ('passed', 'cancelled'), ('delivered', 'cancelled'), ('claimed_back', 'cancelled'),
    ('rejected', 'cancelled'));

-- rule: a unit's events follow each other in time and state, and the last is where it stands
SELECT format('unit %s', e.unit_id)
FROM (SELECT organization_id, unit_id, from_state, to_state, happened_at,
        lag(to_state) OVER steps AS before, lag(happened_at) OVER steps AS earlier,
        lead(id) OVER steps IS NULL AS is_last
    FROM unit_events WINDOW steps AS (PARTITION BY organization_id, unit_id ORDER BY id)) e
JOIN units u ON u.organization_id = e.organization_id AND u.id = e.unit_id
WHERE e.from_state IS DISTINCT FROM e.before OR e.happened_at < e.earlier OR (e.is_last AND e.to_state <> u.state);

-- rule: every unit has an event for where it stands
SELECT format('unit %s', u.id) FROM units u
WHERE NOT EXISTS (SELECT FROM unit_events e WHERE e.organization_id = u.organization_id AND e.unit_id = u.id);

-- rule: whoever claims has the skill on that day
SELECT format('hold %s', a.id)
FROM assignments a
JOIN units u ON u.organization_id = a.organization_id AND u.id = a.unit_id
JOIN jobs j ON j.organization_id = u.organization_id AND j.id = u.job_id
WHERE j.skill_id IS NOT NULL AND NOT EXISTS (
    SELECT FROM worker_skills s WHERE s.organization_id = a.organization_id AND s.worker_id = a.worker_id
        AND s.skill_id = j.skill_id
        AND (s.expires_on IS NULL OR s.expires_on >= (a.claimed_at AT TIME ZONE 'Asia/Tokyo')::date));

-- rule: nobody who claims has more to do than the hours they wish for
SELECT format('person %s at event %s: %s of %s minutes', c.person_id, c.at, sum(j.unit_minutes), min(w.weekly_minutes))
FROM (SELECT a.organization_id, a.person_id, a.worker_id, max(e.id) AS at
    FROM assignments a
    JOIN unit_events e ON e.organization_id = a.organization_id AND e.unit_id = a.unit_id
        AND e.to_state = 'claimed' AND e.happened_at = a.claimed_at
    GROUP BY a.organization_id, a.person_id, a.worker_id, a.terms_notice_id, a.claimed_at) c
JOIN workers w ON w.organization_id = c.organization_id AND w.id = c.worker_id
JOIN LATERAL (SELECT DISTINCT h.unit_id FROM assignments h
    WHERE h.organization_id = c.organization_id AND h.person_id = c.person_id) h ON true
JOIN LATERAL (SELECT e.to_state,
        (SELECT b.person_id FROM unit_events k JOIN assignments b ON b.organization_id = k.organization_id
            AND b.unit_id = k.unit_id AND b.claimed_at = k.happened_at
         WHERE k.organization_id = c.organization_id AND k.unit_id = h.unit_id AND k.to_state = 'claimed'
            AND k.id <= c.at ORDER BY k.id DESC, b.id DESC LIMIT 1) AS holder
    FROM unit_events e WHERE e.organization_id = c.organization_id AND e.unit_id = h.unit_id AND e.id <= c.at
    ORDER BY e.id DESC LIMIT 1) s ON s.to_state IN ('claimed', 'working', 'paused', 'returned') AND s.holder = c.person_id
JOIN units u ON u.organization_id = c.organization_id AND u.id = h.unit_id
JOIN jobs j ON j.organization_id = u.organization_id AND j.id = u.job_id
GROUP BY c.organization_id, c.person_id, c.at
HAVING sum(j.unit_minutes) > min(w.weekly_minutes);

-- rule: nobody is given work while they rest
SELECT format('hold %s', a.id)
FROM assignments a
JOIN LATERAL (SELECT e.kind FROM worker_events e
    WHERE e.organization_id = a.organization_id AND e.worker_id = a.worker_id
        AND e.happened_on <= (a.claimed_at AT TIME ZONE 'Asia/Tokyo')::date
    ORDER BY e.happened_on DESC, e.id DESC LIMIT 1) last ON true
WHERE last.kind <> 'activated' AND NOT EXISTS (
    SELECT FROM worker_events e WHERE e.organization_id = a.organization_id AND e.worker_id = a.worker_id
        AND e.kind = last.kind AND e.happened_on = (a.claimed_at AT TIME ZONE 'Asia/Tokyo')::date);

-- rule: nobody takes a unit again that they earned, checked or were refused
SELECT format('hold %s', a.id)
FROM assignments a
WHERE EXISTS (SELECT FROM earnings e WHERE e.organization_id = a.organization_id AND e.unit_id = a.unit_id
        AND e.person_id = a.person_id AND e.kind = 'unit' AND e.earned_at < a.claimed_at)
    OR EXISTS (SELECT FROM reviews r WHERE r.organization_id = a.organization_id AND r.unit_id = a.unit_id
        AND r.checker_id = a.person_id AND r.reviewed_at < a.claimed_at)
    OR EXISTS (SELECT FROM assignments b WHERE b.organization_id = a.organization_id AND b.unit_id = a.unit_id
        AND b.person_id = a.person_id AND b.end_kind = 'rejected' AND b.id < a.id);

-- rule: what is offered in turn is taken by those before whom it lay
SELECT format('job %s, worker %s', a.job_id, a.worker_id)
FROM (SELECT a.organization_id, u.job_id, a.worker_id, count(DISTINCT (a.unit_id, a.terms_notice_id)) AS taken
    FROM assignments a
    JOIN units u ON u.organization_id = a.organization_id AND u.id = a.unit_id
    JOIN jobs j ON j.organization_id = u.organization_id AND j.id = u.job_id
    WHERE j.offer_rule = 'fair' AND (j.pool_opened_at IS NULL OR a.claimed_at < j.pool_opened_at)
    GROUP BY a.organization_id, u.job_id, a.worker_id) a
WHERE a.taken > (SELECT COALESCE(sum(p.claimed), 0) FROM offer_portions p
    WHERE p.organization_id = a.organization_id AND p.job_id = a.job_id AND p.worker_id = a.worker_id);

-- rule: portions promise no more than what waits
SELECT format('job %s', p.job_id)
FROM offer_portions p WHERE p.state = 'open'
GROUP BY p.organization_id, p.job_id
HAVING sum(p.units - p.claimed) > (SELECT count(*) FROM units u
    WHERE u.organization_id = p.organization_id AND u.job_id = p.job_id AND u.state = 'offered');

-- rule: work that is taken from somebody leaves what was received paid
SELECT format('hold %s', a.id)
FROM assignments a
JOIN submissions s ON s.organization_id = a.organization_id AND s.assignment_id = a.id
WHERE a.end_kind IN ('handed_back', 'taken_back', 'expired')
    AND NOT EXISTS (SELECT FROM submission_retractions t
        WHERE t.organization_id = s.organization_id AND t.submission_id = s.id)
    AND NOT EXISTS (SELECT FROM reviews r WHERE r.organization_id = s.organization_id AND r.unit_id = s.unit_id
        AND r.submission_id >= s.id AND r.verdict <> 'pass' AND r.fault = 'worker' AND r.reviewed_at <= a.ended_at
        AND NOT EXISTS (SELECT FROM review_appeals p WHERE p.organization_id = r.organization_id AND p.review_id = r.id
            AND p.outcome <> 'upheld'))
    AND NOT EXISTS (SELECT FROM earnings e WHERE e.organization_id = s.organization_id AND e.unit_id = s.unit_id
        AND e.person_id = s.maker_id AND e.kind = 'unit');

-- rule: an appeal is its maker's, and other eyes than those that found the fault decide it by its day
SELECT format('appeal %s, decided by person %s', p.id, p.decided_by)
FROM review_appeals p
JOIN reviews r ON r.organization_id = p.organization_id AND r.id = p.review_id
JOIN submissions s ON s.organization_id = r.organization_id AND s.id = r.submission_id
WHERE s.maker_id <> p.appellant_id OR p.appealed_at < r.reviewed_at
    OR (p.appealed_at AT TIME ZONE 'Asia/Tokyo')::date > r.appeal_by
    OR p.decided_by = r.checker_id OR (p.decided_at AT TIME ZONE 'Asia/Tokyo')::date > p.decide_by
    OR EXISTS (SELECT FROM submissions m WHERE m.organization_id = p.organization_id AND m.unit_id = p.unit_id
        AND m.maker_id = p.decided_by);

-- rule: an appeal about what had not been agreed makes it a line of its own, and nothing else makes a line of a maker's fault
SELECT format('appeal %s, unit %s: decision %s', p.id, p.unit_id, d.id)
FROM review_appeals p
LEFT JOIN fix_decisions d ON d.organization_id = p.organization_id AND d.review_id = p.review_id
LEFT JOIN LATERAL (SELECT e.from_state, e.to_state FROM unit_events e
    WHERE e.organization_id = p.organization_id AND e.unit_id = p.unit_id AND e.happened_at >= p.decided_at
    ORDER BY e.id LIMIT 1) next ON true
WHERE p.outcome = 'changed' AND (d.id IS NULL OR d.unit_id <> p.unit_id OR d.fault <> 'specification' OR d.mender <> 'same_worker'
    OR d.extra_pay <= 0 OR d.terms_notice_id IS NULL OR d.decided_by <> p.decided_by OR d.decided_at < p.appealed_at
    OR d.due_on IS DISTINCT FROM p.due_on OR (next.from_state = 'returned' AND next.to_state = 'passed'))
UNION ALL
SELECT format('decision %s about unit %s', d.id, d.unit_id)
FROM fix_decisions d
JOIN reviews r ON r.organization_id = d.organization_id AND r.id = d.review_id
WHERE r.fault = 'worker' AND NOT EXISTS (SELECT FROM review_appeals p
    WHERE p.organization_id = r.organization_id AND p.review_id = r.id AND p.outcome = 'changed');

-- rule: an appeal that is right lets its version pass and is paid, and one that is not leaves its unit to be done again
SELECT format('appeal %s: %s, unit %s', p.id, p.outcome, p.unit_id)
FROM review_appeals p
LEFT JOIN LATERAL (SELECT e.from_state, e.to_state FROM unit_events e
    WHERE e.organization_id = p.organization_id AND e.unit_id = p.unit_id AND e.happened_at >= p.decided_at
    ORDER BY e.id LIMIT 1) next ON true
WHERE (p.outcome IN ('passed', 'paid') AND NOT EXISTS (
        SELECT FROM earnings e WHERE e.organization_id = p.organization_id AND e.unit_id = p.unit_id
            AND e.person_id = p.appellant_id AND e.kind = 'unit'))
    OR (p.outcome = 'passed' AND next.to_state IS DISTINCT FROM 'passed')
    OR (p.outcome = 'upheld' AND next.from_state = 'returned' AND next.to_state = 'passed');
