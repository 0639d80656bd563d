-- Sums that have to be those of their rows.

-- rule: how many units stand where is what the units say
SELECT format('order %s, job %s, %s: counted %s, there are %s', COALESCE(c.order_id, u.order_id),
    COALESCE(c.job_id, u.job_id), COALESCE(c.state, u.state), COALESCE(c.units, 0), COALESCE(u.units, 0))
FROM (SELECT organization_id, order_id, job_id, state, holder_id, due_on, sum(units) AS units FROM unit_counts
    GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(units) <> 0) c
FULL JOIN (SELECT organization_id, order_id, job_id, state, holder_id, due_on, count(*) AS units FROM units
    GROUP BY 1, 2, 3, 4, 5, 6) u
    ON u.organization_id = c.organization_id AND u.order_id = c.order_id AND u.job_id = c.job_id
    AND u.state = c.state AND COALESCE(u.holder_id, 0) = COALESCE(c.holder_id, 0)
    AND COALESCE(u.due_on, '-infinity') = COALESCE(c.due_on, '-infinity')
WHERE COALESCE(c.units, 0) <> COALESCE(u.units, 0);

-- rule: an order is worth its lines
SELECT format('order %s: %s yen, lines %s', o.id, o.amount, l.amount)
FROM orders o
JOIN LATERAL (SELECT sum(l.quantity * l.unit_price) AS amount FROM order_lines l
    WHERE l.organization_id = o.organization_id AND l.order_id = o.id) l ON true
WHERE l.amount IS NOT NULL AND l.amount <> o.amount;

-- rule: what counts as accepted is the accepted share of the order
-- Pieces of unlike prices or rates count at their own where every job says of which line it is; then no yen goes beyond a line.
SELECT format('order %s (%s): %s of %s yen', o.id, o.state, l.counted, o.amount)
FROM orders o
JOIN LATERAL (SELECT COALESCE(sum(a.amount), 0) AS counted FROM accepted_amounts a
    WHERE a.organization_id = o.organization_id AND a.order_id = o.id) l ON true
JOIN LATERAL (SELECT COALESCE(sum(q.quantity), 0) AS ordered, count(DISTINCT (q.unit_price, q.tax_rate)) AS prices FROM order_lines q
    WHERE q.organization_id = o.organization_id AND q.order_id = o.id) q ON true
JOIN LATERAL (SELECT COALESCE(sum(j.unit_pieces) FILTER (WHERE u.state = 'accepted'), 0) AS accepted
    FROM units u JOIN jobs j ON j.organization_id = u.organization_id AND j.id = u.job_id
    WHERE u.organization_id = o.organization_id AND u.order_id = o.id) p ON true
WHERE l.counted > o.amount
    OR (o.state = 'closed' AND o.short_reason IS NULL AND l.counted <> o.amount)
    OR (o.state = 'closed' AND o.short_reason IS NOT NULL AND q.prices = 1
        AND l.counted <> div(o.amount * LEAST(p.accepted, q.ordered), GREATEST(q.ordered, 1)))
    OR (o.state = 'running' AND q.prices = 1 AND l.counted > div(o.amount * p.accepted, GREATEST(q.ordered, 1)));

-- rule: each accepted version of a unit is paid once to each who made it
SELECT format('unit %s, person %s: %s times', e.unit_id, e.person_id, count(*))
FROM earnings e WHERE e.kind = 'unit'
GROUP BY e.organization_id, e.unit_id, e.person_id HAVING count(*) > 1;

-- rule: what somebody earned with units is their number at the agreed pay
SELECT format('person %s, job %s: %s yen, not %s', e.person_id, e.job_id, e.earned, m.units * e.unit_pay)
FROM (SELECT e.organization_id, e.person_id, u.job_id, j.unit_pay, sum(e.amount) AS earned
    FROM earnings e
    JOIN units u ON u.organization_id = e.organization_id AND u.id = e.unit_id
    JOIN jobs j ON j.organization_id = u.organization_id AND j.id = u.job_id
    WHERE e.kind = 'unit' GROUP BY 1, 2, 3, 4) e
JOIN LATERAL (SELECT count(DISTINCT s.unit_id) AS units FROM submissions s
    JOIN units u ON u.organization_id = s.organization_id AND u.id = s.unit_id
    JOIN reviews r ON r.organization_id = s.organization_id AND r.submission_id = s.id
    WHERE s.organization_id = e.organization_id AND s.maker_id = e.person_id AND u.job_id = e.job_id
        AND r.verdict = 'pass' AND r.is_last) m ON true
WHERE e.earned < m.units * e.unit_pay;

-- rule: nobody is paid for what they did not make
SELECT format('earning %s', e.id)
FROM earnings e
WHERE e.kind IN ('unit', 'fix') AND NOT EXISTS (
    SELECT FROM submissions s WHERE s.organization_id = e.organization_id AND s.unit_id = e.unit_id
        AND s.maker_id = e.person_id);

-- rule: terms name as many units as were claimed under them
SELECT format('terms %s: %s units, claimed %s', t.id, t.units, a.units)
FROM terms_notices t
JOIN LATERAL (SELECT count(DISTINCT a.unit_id) AS units FROM assignments a
    WHERE a.organization_id = t.organization_id AND a.terms_notice_id = t.id) a ON true
WHERE EXISTS (SELECT FROM events e WHERE e.organization_id = t.organization_id AND e.kind = 'units.claimed'
        AND e.payload ->> 'terms_notice' = t.id::text AND jsonb_array_length(e.payload -> 'units') <> t.units)
    OR (a.units > t.units);

-- rule: a round shares out no more than waited, and its line is as long as it says
SELECT format('round %s', r.id)
FROM offer_rounds r
JOIN LATERAL (SELECT COALESCE(sum(d.units), 0) AS units, count(*) FILTER (WHERE d.outcome IN ('asked', 'not_reached')) AS line,
        count(*) FILTER (WHERE d.outcome = 'told') AS told
    FROM offer_decisions d WHERE d.organization_id = r.organization_id AND d.round_id = r.id) d ON true
WHERE d.units > r.waiting_units OR (r.kind = 'round' AND d.line <> r.candidates) OR (r.kind = 'pool' AND d.told <> r.candidates);

-- rule: a portion is what its round decided, or what was left of it
SELECT format('portion %s', p.id)
FROM offer_portions p
LEFT JOIN offer_decisions d ON d.organization_id = p.organization_id AND d.round_id = p.round_id AND d.worker_id = p.worker_id
WHERE d.worker_id IS NULL OR p.units > d.units OR p.claimed > p.units;

-- rule: versions are numbered from one without a gap
SELECT format('unit %s', s.unit_id) FROM submissions s
GROUP BY s.organization_id, s.unit_id HAVING count(*) <> max(s.number) OR min(s.number) <> 1;

-- rule: everything that was handed in was told
SELECT format('submission %s', s.id) FROM submissions s
WHERE NOT EXISTS (SELECT FROM events e WHERE e.organization_id = s.organization_id AND e.kind = 'unit.submitted'
    AND e.payload ->> 'submission' = s.id::text);

-- rule: a delivery holds as many units as its client was told
SELECT format('delivery %s', v.id)
FROM deliveries v
JOIN LATERAL (SELECT count(*) AS units FROM delivery_units d
    WHERE d.organization_id = v.organization_id AND d.delivery_id = v.id) d ON true
WHERE NOT EXISTS (SELECT FROM events e WHERE e.organization_id = v.organization_id AND e.kind = 'delivery.sent'
    AND e.payload ->> 'delivery' = v.id::text AND (e.payload ->> 'count')::bigint = d.units);

-- rule: what a cancelled unit cost is what was earned with it
SELECT format('unit %s: %s yen', u.id, u.compensation)
FROM units u
WHERE u.state = 'cancelled' AND COALESCE(u.compensation, 0) <> COALESCE((SELECT sum(e.amount) FROM earnings e
    WHERE e.organization_id = u.organization_id AND e.unit_id = u.id AND e.person_id = u.holder_id), 0);
