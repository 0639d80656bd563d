-- Days and hours: the Freelance Act (domain.md 3.1), queue.md 5b, and the order in which things happen.

-- rule: work is paid within sixty days, the day of receipt being the first
SELECT format('earning %s, received %s', e.id, e.received_on)
FROM earnings e
WHERE e.pay_day NOT BETWEEN 10 AND 28
    OR (date_trunc('month', e.received_on) + interval '1 month')::date + e.pay_day - 1 > e.received_on + 59;

-- rule: the day of receipt is that of the first version which its maker's own fault did not send back
SELECT format('earning %s, received %s', e.id, e.received_on)
FROM earnings e
WHERE e.kind = 'unit' AND e.received_on IS DISTINCT FROM (
    SELECT min((s.submitted_at AT TIME ZONE 'Asia/Tokyo')::date) FROM submissions s
    WHERE s.organization_id = e.organization_id AND s.unit_id = e.unit_id AND s.maker_id = e.person_id
        AND s.submitted_at <= e.earned_at
        AND s.id > COALESCE((SELECT max(r.submission_id) FROM reviews r WHERE r.organization_id = e.organization_id
            AND r.unit_id = e.unit_id AND r.verdict <> 'pass' AND r.fault = 'worker' AND r.reviewed_at <= e.earned_at
            AND NOT EXISTS (SELECT FROM review_appeals p WHERE p.organization_id = r.organization_id AND p.review_id = r.id
                AND p.outcome <> 'upheld' AND p.decided_at <= e.earned_at)), 0)
        AND s.id NOT IN (SELECT t.submission_id FROM submission_retractions t
            WHERE t.organization_id = e.organization_id AND t.unit_id = e.unit_id AND t.retracted_at <= e.earned_at));

-- rule: an earning is paid by the day its job and its terms agreed
SELECT format('earning %s', e.id)
FROM earnings e
JOIN units u ON u.organization_id = e.organization_id AND u.id = e.unit_id
JOIN jobs j ON j.organization_id = u.organization_id AND j.id = u.job_id
LEFT JOIN terms_notices t ON t.organization_id = e.organization_id AND t.id = e.terms_notice_id
WHERE e.pay_day <> j.pay_day OR t.id IS NULL OR t.job_id <> j.id OR t.issued_at > e.earned_at;

-- rule: an end after six months is told thirty days before
SELECT format('notice %s', n.id)
FROM ending_notices n
WHERE n.exception IS NULL AND n.since IS NOT NULL AND n.ends_on < n.noticed_on + 30
    AND n.ends_on >= (n.since + interval '6 months' - interval '1 day')::date;

-- rule: terms are there before the work is
SELECT format('hold %s', a.id)
FROM assignments a
JOIN terms_notices t ON t.organization_id = a.organization_id AND t.id = a.terms_notice_id
WHERE t.issued_at > a.claimed_at AND NOT EXISTS (SELECT FROM events e WHERE e.organization_id = a.organization_id
    AND e.kind = 'extension.accepted' AND e.payload ->> 'terms_notice' = t.id::text);

-- rule: nothing is claimed after the day it is received until
SELECT format('hold %s, due %s', a.id, a.due_on)
FROM assignments a
WHERE a.due_on < (a.claimed_at AT TIME ZONE 'Asia/Tokyo')::date AND NOT EXISTS (
    SELECT FROM assignments b WHERE b.organization_id = a.organization_id AND b.unit_id = a.unit_id
        AND b.person_id = a.person_id AND b.end_kind = 'expired' AND b.id < a.id);

-- rule: claimed, handed in, checked, sent, answered: in this order
SELECT format('submission %s', s.id)
FROM submissions s
JOIN assignments a ON a.organization_id = s.organization_id AND a.id = s.assignment_id
LEFT JOIN reviews r ON r.organization_id = s.organization_id AND r.submission_id = s.id
LEFT JOIN delivery_units d ON d.organization_id = s.organization_id AND d.submission_id = s.id
LEFT JOIN deliveries v ON v.organization_id = d.organization_id AND v.id = d.delivery_id
WHERE a.claimed_at > s.submitted_at OR a.person_id <> s.maker_id OR a.unit_id <> s.unit_id
    OR r.reviewed_at < s.submitted_at OR v.sent_at < r.reviewed_at OR v.answered_at < v.sent_at;

-- rule: a client has at least as many days to inspect as the work takes
SELECT format('delivery %s', v.id)
FROM deliveries v
WHERE v.inspect_until < (v.sent_at AT TIME ZONE 'Asia/Tokyo')::date + (
    SELECT max(j.inspect_days) FROM delivery_units d
    JOIN units u ON u.organization_id = d.organization_id AND u.id = d.unit_id
    JOIN jobs j ON j.organization_id = u.organization_id AND j.id = u.job_id
    WHERE d.organization_id = v.organization_id AND d.delivery_id = v.id);

-- rule: no claim ends by itself but by day
SELECT format('unit %s at %s', e.unit_id, e.happened_at)
FROM unit_events e
WHERE e.reason = 'expired' AND e.to_state = 'offered'
    AND (e.happened_at AT TIME ZONE 'Asia/Tokyo')::time NOT BETWEEN time '08:00' AND time '20:00';

-- rule: whoever's claim ends by itself was asked twice, the last time a day before
SELECT format('hold %s', a.id)
FROM assignments a
JOIN units u ON u.organization_id = a.organization_id AND u.id = a.unit_id
WHERE a.end_kind = 'expired' AND (
    SELECT count(*) FROM events e WHERE e.organization_id = a.organization_id AND e.kind = 'claim.rests'
        AND e.payload ->> 'job' = u.job_id::text AND e.payload ->> 'person' = a.person_id::text
        AND e.occurred_at BETWEEN a.claimed_at AND a.ended_at
        AND ((e.payload ->> 'is_last')::boolean IS FALSE OR e.occurred_at <= a.ended_at - interval '1 day')) < 2;

-- rule: an answer is asked for by day, or until the work's own end
SELECT format('portion %s until %s', p.id, p.answer_by)
FROM offer_portions p
WHERE (p.answer_by AT TIME ZONE 'Asia/Tokyo')::time NOT BETWEEN time '08:00' AND time '20:00'
    AND (p.answer_by AT TIME ZONE 'Asia/Tokyo')::time <> time '00:00';

-- rule: nobody's time to answer is over before an hour of the day has passed
SELECT format('portion %s', p.id)
FROM offer_portions p
JOIN offer_rounds r ON r.organization_id = p.organization_id AND r.id = p.round_id
WHERE p.answer_by < r.began_at + interval '1 hour'
    AND (p.answer_by AT TIME ZONE 'Asia/Tokyo')::time <> time '00:00';

-- rule: a portion that passed had its time
SELECT format('portion %s', p.id) FROM offer_portions p WHERE p.state = 'passed' AND p.ended_at < p.answer_by;

-- rule: an order's ends come after its beginnings
SELECT format('order %s', o.id) FROM orders o WHERE o.started_at < o.created_at OR o.ended_at < o.started_at
    OR (o.state IN ('closed', 'cancelled')) <> (o.ended_at IS NOT NULL);

-- rule: while a return is appealed against nothing is done of its unit, and the days that were left are left again
SELECT format('appeal %s, unit %s: from %s to %s at %s', p.id, p.unit_id, e.from_state, e.to_state, e.happened_at)
FROM review_appeals p
JOIN unit_events e ON e.organization_id = p.organization_id AND e.unit_id = p.unit_id
    AND e.happened_at > p.appealed_at AND e.happened_at < COALESCE(p.decided_at, 'infinity')
    AND e.from_state = 'returned' AND e.to_state NOT IN ('offered', 'cancelled')
UNION ALL
SELECT format('appeal %s of %s: due on %s, decided at %s, and again on %s', p.id, p.appealed_at, was.due_on, p.decided_at, p.due_on)
FROM review_appeals p
JOIN LATERAL (SELECT d.due_on FROM (
        SELECT d.due_on, d.decided_at AS said_at FROM fix_decisions d
            WHERE d.organization_id = p.organization_id AND d.unit_id = p.unit_id
        UNION ALL SELECT a.due_on, a.claimed_at FROM submissions s
            JOIN assignments a ON a.organization_id = s.organization_id AND a.id = s.assignment_id
            WHERE s.organization_id = p.organization_id AND s.id = p.submission_id
        UNION ALL SELECT q.due_on, q.decided_at FROM review_appeals q
            WHERE q.organization_id = p.organization_id AND q.unit_id = p.unit_id AND q.due_on IS NOT NULL
    ) d WHERE d.said_at < p.appealed_at ORDER BY d.said_at DESC LIMIT 1) was ON true
WHERE p.outcome = 'upheld' AND p.due_on < was.due_on + ((p.decided_at AT TIME ZONE 'Asia/Tokyo')::date
    - (p.appealed_at AT TIME ZONE 'Asia/Tokyo')::date);

-- rule: re-entrusted work is paid within thirty days of the day on which its original client pays, as its terms said
SELECT format('earning %s of order %s, original day %s: fixed %s, to be paid on %s, paid on %s', e.id, o.id, o.original_pay_on,
    e.fixed_pay_on, s.pay_on, s.paid_on)
FROM earnings e
JOIN units u ON u.organization_id = e.organization_id AND u.id = e.unit_id
JOIN orders o ON o.organization_id = u.organization_id AND o.id = u.order_id AND o.re_entrusted
JOIN jobs j ON j.organization_id = u.organization_id AND j.id = u.job_id
LEFT JOIN terms_notices t ON t.organization_id = e.organization_id AND t.id = e.terms_notice_id
LEFT JOIN statement_earnings x ON x.organization_id = e.organization_id AND x.earning_id = e.id
LEFT JOIN statements s ON s.organization_id = x.organization_id AND s.id = x.statement_id
WHERE j.original_pay_on IS DISTINCT FROM o.original_pay_on
    OR t.body IS NULL OR position(o.original_client IN t.body) = 0
    OR (e.fixed_pay_on IS NULL AND e.received_on < LEAST(j.fixed_pay_on, o.original_pay_on))
    OR e.fixed_pay_on > o.original_pay_on + 29
    OR (e.fixed_pay_on IS NOT NULL AND GREATEST(s.pay_on, s.paid_on) > o.original_pay_on + 29);
