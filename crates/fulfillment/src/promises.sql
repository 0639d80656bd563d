-- What must never be true of units, asked of the tables themselves after random interleavings (`interleavings.rs`).
SELECT 'one live holder' AS promise, unit_id AS unit FROM assignments WHERE ended_at IS NULL
    GROUP BY unit_id HAVING count(*) > 1
UNION ALL
SELECT 'held by its live assignment', u.id FROM units u
    LEFT JOIN assignments a ON a.unit_id = u.id AND a.ended_at IS NULL
    WHERE (u.state NOT IN ('draft', 'offered', 'accepted', 'rejected', 'cancelled'))
        IS DISTINCT FROM (a.person_id IS NOT NULL AND a.person_id = u.holder_id)
UNION ALL
SELECT 'maker is not checker', r.unit_id FROM reviews r
    JOIN submissions s ON s.unit_id = r.unit_id AND s.maker_id = r.checker_id
UNION ALL
SELECT 'delivered only after a pass', d.unit_id FROM delivery_units d
    WHERE NOT EXISTS (SELECT FROM reviews r WHERE r.submission_id = d.submission_id AND r.verdict = 'pass' AND r.is_last)
        AND NOT EXISTS (SELECT FROM review_appeals p WHERE p.submission_id = d.submission_id AND p.outcome = 'passed')
UNION ALL
SELECT 'what passed is earned', s.unit_id FROM submissions s
    JOIN reviews r ON r.submission_id = s.id AND r.verdict = 'pass' AND r.is_last
    WHERE NOT EXISTS (SELECT FROM earnings e
        WHERE e.unit_id = s.unit_id AND e.person_id = s.maker_id AND e.kind = 'unit')
UNION ALL
SELECT 'what an appeal overturned is earned', p.unit_id FROM review_appeals p
    WHERE p.outcome IN ('paid', 'passed') AND NOT EXISTS (SELECT FROM earnings e
        WHERE e.unit_id = p.unit_id AND e.person_id = p.appellant_id AND e.kind = 'unit')
UNION ALL
SELECT 'an appeal is decided by other eyes', p.unit_id FROM review_appeals p
    JOIN reviews r ON r.id = p.review_id AND r.checker_id = p.decided_by
UNION ALL
SELECT 'as many people let a version pass as its job asks for', r.unit_id FROM reviews r
    JOIN units u ON u.id = r.unit_id JOIN jobs j ON j.id = u.job_id
    WHERE r.verdict = 'pass' AND r.is_last AND (SELECT count(DISTINCT p.checker_id) FROM reviews p
        WHERE p.submission_id = r.submission_id AND p.verdict = 'pass') <> j.review_levels
UNION ALL
SELECT 'one verdict decides', r.unit_id FROM reviews r WHERE r.is_last
    GROUP BY r.unit_id, r.submission_id HAVING count(*) > 1
UNION ALL
SELECT 'what waits for its second look is being checked', u.id FROM units u
    JOIN reviews r ON r.unit_id = u.id AND NOT r.is_last
    WHERE u.state NOT IN ('checking', 'cancelled')
        AND r.submission_id = (SELECT max(s.id) FROM submissions s WHERE s.unit_id = u.id)
        AND NOT EXISTS (SELECT FROM reviews l WHERE l.submission_id = r.submission_id AND l.is_last)
UNION ALL
SELECT 'whoever looks at a version did not make one', l.unit_id FROM review_leases l
    JOIN submissions s ON s.unit_id = l.unit_id AND s.maker_id = l.checker_id
UNION ALL
SELECT 'nothing goes back without end', r.unit_id FROM reviews r JOIN submissions s ON s.id = r.submission_id
    WHERE r.verdict = 'return' AND r.fault = 'worker' AND NOT r.coaching
        AND NOT EXISTS (SELECT FROM review_appeals p WHERE p.review_id = r.id AND p.outcome <> 'upheld')
    GROUP BY r.unit_id, s.maker_id HAVING count(*) > 2
UNION ALL
SELECT 'what was taken back is in work again or replaced', t.unit_id FROM submission_retractions t
    JOIN units u ON u.id = t.unit_id AND u.state IN ('submitted', 'checking', 'passed', 'delivered', 'accepted')
    WHERE t.submission_id = (SELECT max(s.id) FROM submissions s WHERE s.unit_id = t.unit_id)
UNION ALL
SELECT 'nobody is paid for what they took back alone', e.unit_id FROM earnings e
    WHERE e.kind = 'unit' AND NOT EXISTS (SELECT FROM submissions s
        WHERE s.unit_id = e.unit_id AND s.maker_id = e.person_id
            AND s.id NOT IN (SELECT submission_id FROM submission_retractions))
UNION ALL
SELECT 'nobody takes what they earned', a.unit_id FROM assignments a
    JOIN earnings e ON e.unit_id = a.unit_id AND e.person_id = a.person_id AND e.kind = 'unit'
    WHERE a.claimed_at > e.earned_at
UNION ALL
SELECT 'what is owed is what was earned', u.id FROM units u
    WHERE u.state = 'cancelled' AND u.compensation <> COALESCE((SELECT sum(e.amount) FROM earnings e
        WHERE e.unit_id = u.id AND e.person_id = u.holder_id), 0)
UNION ALL
SELECT 'the state is the last event''s', u.id FROM units u
    WHERE u.state <> (SELECT e.to_state FROM unit_events e WHERE e.unit_id = u.id ORDER BY e.id DESC LIMIT 1)
UNION ALL
SELECT 'events follow each other', e.unit_id FROM (
    SELECT unit_id, from_state, lag(to_state) OVER (PARTITION BY unit_id ORDER BY id) AS before
    FROM unit_events) e WHERE e.from_state IS DISTINCT FROM e.before
UNION ALL
SELECT 'portions promise no more than what waits: job', p.job_id FROM offer_portions p
    WHERE p.state = 'open' GROUP BY p.job_id HAVING sum(p.units - p.claimed) > (SELECT count(*) FROM units u
        WHERE u.job_id = p.job_id AND u.state = 'offered')
UNION ALL
SELECT 'what counts is what was accepted: order', o.id FROM orders o
    JOIN LATERAL (SELECT COALESCE(sum(a.amount), 0) AS counted FROM accepted_amounts a WHERE a.order_id = o.id) l ON true
    JOIN LATERAL (SELECT count(*) FILTER (WHERE u.state = 'accepted') AS accepted
        FROM units u WHERE u.order_id = o.id) p ON true
    WHERE NOT CASE WHEN o.state = 'closed' THEN l.counted = o.amount
        ELSE l.counted BETWEEN div(o.amount * p.accepted, 3) AND div(o.amount * p.accepted, 2)
            AND l.counted < o.amount END
UNION ALL
SELECT 'a share is what was decided, once', h.unit_id FROM hand_overs h
    LEFT JOIN earnings e ON e.hand_over_id = h.id
    WHERE COALESCE(e.amount, 0) <> (h.unit_pay * COALESCE(h.decided_tenths, 0) + 9) / 10
        OR e.person_id <> h.person_id OR e.received_on <> (h.handed_over_at AT TIME ZONE 'Asia/Tokyo')::date
UNION ALL
SELECT 'whoever handed a part over takes it no more', h.unit_id FROM hand_overs h
    JOIN assignments a ON a.unit_id = h.unit_id AND a.person_id = h.person_id AND a.id > h.assignment_id
UNION ALL
SELECT 'whoever made a part does not check it', h.unit_id FROM hand_overs h
    JOIN reviews r ON r.unit_id = h.unit_id AND r.checker_id = h.person_id
UNION ALL
SELECT 'nobody agreed to a later day than the job''s', a.unit_id FROM assignments a
    JOIN units u ON u.id = a.unit_id JOIN jobs j ON j.id = u.job_id WHERE a.due_on > j.work_due_on
UNION ALL
SELECT 'terms are the holder''s own', a.unit_id FROM assignments a
    JOIN terms_notices t ON t.id = a.terms_notice_id AND t.worker_id <> a.worker_id
UNION ALL
SELECT 'a job''s rules are its newest version''s: job', j.id FROM jobs j
    LEFT JOIN work_rules w ON w.job_id = j.id AND w.number = j.rules_number
    WHERE w.text IS DISTINCT FROM j.rules
        OR j.rules_number <> (SELECT max(n.number) FROM work_rules n WHERE n.job_id = j.id)
