-- Money: what workers are paid and clients are asked for, worked out anew from what was received, decided and accepted
-- (domain.md 3.1 to 3.5).

-- rule: what stands on a statement was earned by whoever it pays, and stands on one alone
SELECT format('statement %s, earning %s', s.id, e.id)
FROM statement_earnings x
JOIN statements s ON s.organization_id = x.organization_id AND s.id = x.statement_id
JOIN earnings e ON e.organization_id = x.organization_id AND e.id = x.earning_id
JOIN terms_notices t ON t.organization_id = e.organization_id AND t.id = e.terms_notice_id
WHERE e.person_id <> s.person_id OR t.worker_id <> s.worker_id
UNION ALL
SELECT format('earning %s: %s statements', x.earning_id, count(*)) FROM statement_earnings x
GROUP BY x.organization_id, x.earning_id HAVING count(*) > 1;

-- rule: a statement lists what was earned and what was taken off, and nothing else
SELECT format('statement %s, job %s, %s: %s yen for %s, listed %s yen for %s', COALESCE(w.statement_id, l.statement_id),
    COALESCE(w.job_id, l.job_id), COALESCE(w.kind, l.kind), w.amount, w.units, l.amount, l.units)
FROM (SELECT organization_id, statement_id, job_id, kind, sum(amount) AS amount, count(*) AS units FROM (
        SELECT x.organization_id, x.statement_id, u.job_id, e.kind, e.amount FROM statement_earnings x
        JOIN earnings e ON e.organization_id = x.organization_id AND e.id = x.earning_id
        JOIN units u ON u.organization_id = e.organization_id AND u.id = e.unit_id
        UNION ALL
        SELECT d.organization_id, d.statement_id, u.job_id, 'deduction', -d.amount FROM pay_deductions d
        JOIN units u ON u.organization_id = d.organization_id AND u.id = d.unit_id WHERE d.is_approved
    ) owed GROUP BY 1, 2, 3, 4) w
FULL JOIN (SELECT l.organization_id, l.statement_id, l.job_id, l.kind, sum(l.units * l.unit_price) AS amount, sum(l.units) AS units
    FROM statement_lines l
    WHERE l.number = (SELECT max(v.number) FROM statement_versions v
        WHERE v.organization_id = l.organization_id AND v.statement_id = l.statement_id)
    GROUP BY 1, 2, 3, 4) l
    ON l.organization_id = w.organization_id AND l.statement_id = w.statement_id AND l.job_id = w.job_id AND l.kind = w.kind
WHERE w.amount IS DISTINCT FROM l.amount OR w.units IS DISTINCT FROM l.units;

-- rule: a version comes to its lines, with each tax rounded once
SELECT format('statement %s version %s', v.statement_id, v.number)
FROM statement_versions v
JOIN LATERAL (SELECT COALESCE(sum(l.amount), 0) AS amount, COALESCE(sum(l.amount) FILTER (WHERE l.is_withheld), 0) AS base
    FROM statement_lines l
    WHERE l.organization_id = v.organization_id AND l.statement_id = v.statement_id AND l.number = v.number) l ON true
WHERE v.amount <> l.amount OR v.withholding_base <> l.base OR v.tax <> div(l.amount, 10)
    OR v.withheld <> CASE WHEN l.base <= 1000000 THEN div(l.base * 1021, 10000)
        ELSE 102100 + div((l.base - 1000000) * 2042, 10000) END
    OR v.payable <> v.amount + v.tax - v.withheld;

-- rule: what is transferred is what the newest version says
SELECT format('statement %s: %s yen', s.id, s.payable)
FROM statements s
LEFT JOIN LATERAL (SELECT v.number, v.payable FROM statement_versions v
    WHERE v.organization_id = s.organization_id AND v.statement_id = s.id ORDER BY v.number DESC LIMIT 1) v ON true
WHERE v.number IS DISTINCT FROM s.version OR v.payable IS DISTINCT FROM s.payable;

-- rule: pay goes out on the day that the terms said, or on the bank day before, and by the law's last day
SELECT format('statement %s, to be paid on %s, by %s, paid on %s: earning %s received on %s', s.id, s.pay_on, s.pay_by, s.paid_on,
    e.id, e.received_on)
FROM statements s
JOIN statement_earnings x ON x.organization_id = s.organization_id AND x.statement_id = s.id
JOIN earnings e ON e.organization_id = x.organization_id AND e.id = x.earning_id
JOIN LATERAL (SELECT COALESCE(e.fixed_pay_on,
    (date_trunc('month', e.received_on) + interval '1 month')::date + e.pay_day - 1) AS day) said ON true
WHERE s.pay_on NOT BETWEEN said.day - 9 AND said.day OR s.paid_on > s.pay_by
    OR (e.fixed_pay_on IS NULL AND s.pay_by > e.received_on + 59);

-- rule: whatever could be closed was closed
SELECT format('earning %s, received on %s', e.id, e.received_on)
FROM earnings e
JOIN units u ON u.organization_id = e.organization_id AND u.id = e.unit_id
JOIN pay_closings c ON c.organization_id = e.organization_id AND c.closed_on >= e.received_on AND c.closed_at > e.earned_at
WHERE EXISTS (SELECT FROM job_withholdings w WHERE w.organization_id = u.organization_id AND w.job_id = u.job_id
        AND w.decided_at < c.closed_at)
    AND NOT EXISTS (SELECT FROM statement_earnings x WHERE x.organization_id = e.organization_id AND x.earning_id = e.id);

-- rule: a closing says what it left because nobody had said what kind of work it is
SELECT format('closing %s: %s jobs and %s yen, not %s and %s', c.id, c.left_jobs, c.left_amount, l.jobs, l.amount)
FROM pay_closings c
JOIN LATERAL (SELECT count(DISTINCT u.job_id) AS jobs, COALESCE(sum(e.amount), 0) AS amount
    FROM earnings e JOIN units u ON u.organization_id = e.organization_id AND u.id = e.unit_id
    WHERE e.organization_id = c.organization_id AND e.received_on <= c.closed_on AND e.earned_at <= c.closed_at
        AND NOT EXISTS (SELECT FROM job_withholdings w WHERE w.organization_id = u.organization_id AND w.job_id = u.job_id
            AND w.decided_at <= c.closed_at)) l ON true
WHERE c.left_jobs <> l.jobs OR c.left_amount <> l.amount;

-- rule: tax is withheld as was decided about the job by then
SELECT format('statement %s version %s, job %s', l.statement_id, l.number, l.job_id)
FROM statement_lines l
JOIN statement_versions v ON v.organization_id = l.organization_id AND v.statement_id = l.statement_id AND v.number = l.number
WHERE l.is_withheld IS DISTINCT FROM (SELECT w.withheld FROM job_withholdings w
    WHERE w.organization_id = l.organization_id AND w.job_id = l.job_id AND w.decided_at <= v.issued_at
    ORDER BY w.number DESC LIMIT 1);

-- rule: how much of its tax the town may deduct goes by the days of receipt
SELECT format('statement %s version %s line %s: %s %%', l.statement_id, l.number, l.position, l.deductible_percent)
FROM statement_lines l
JOIN statements s ON s.organization_id = l.organization_id AND s.id = l.statement_id
JOIN statement_versions v ON v.organization_id = l.organization_id AND v.statement_id = l.statement_id AND v.number = l.number
LEFT JOIN LATERAL (SELECT r.valid_from, r.valid_to FROM invoice_registrations r
    WHERE r.organization_id = s.organization_id AND r.worker_id = s.worker_id AND r.recorded_at <= v.issued_at
    ORDER BY r.id DESC LIMIT 1) r ON true
CROSS JOIN LATERAL (VALUES (l.first_received_on), (l.last_received_on)) received (day)
WHERE l.deductible_percent <> CASE
    WHEN received.day >= r.valid_from AND received.day <= COALESCE(r.valid_to, 'infinity') THEN 100
    WHEN received.day < '2023-10-01' THEN 100 WHEN received.day < '2026-10-01' THEN 80 WHEN received.day < '2028-10-01' THEN 70
    WHEN received.day < '2030-10-01' THEN 50 WHEN received.day < '2031-10-01' THEN 30 ELSE 0 END;

-- rule: pay is reduced for a fault of its maker's alone, and by two others
SELECT format('deduction %s', d.id)
FROM pay_deductions d
JOIN statements s ON s.organization_id = d.organization_id AND s.id = d.statement_id
LEFT JOIN reviews r ON r.organization_id = d.organization_id AND r.id = d.review_id
LEFT JOIN submissions v ON v.organization_id = r.organization_id AND v.id = r.submission_id
WHERE d.is_approved AND (r.fault IS DISTINCT FROM 'worker' OR v.maker_id IS DISTINCT FROM s.person_id OR r.unit_id <> d.unit_id
    OR d.ground IS NULL OR d.basis = '' OR d.agreed_on IS NULL
    OR EXISTS (SELECT FROM review_appeals p WHERE p.organization_id = r.organization_id AND p.review_id = r.id
        AND p.outcome IS DISTINCT FROM 'upheld')
    OR d.asked_by = d.decided_by OR s.person_id IN (d.asked_by, d.decided_by)
    OR d.amount > (SELECT COALESCE(sum(e.amount), 0) FROM statement_earnings x
        JOIN earnings e ON e.organization_id = x.organization_id AND e.id = x.earning_id
        WHERE x.organization_id = d.organization_id AND x.statement_id = d.statement_id AND e.unit_id = d.unit_id));

-- rule: every payment that was taken back is kept with its reason
SELECT format('statement %s: %s taken back, %s kept', s.id, s.undone, u.kept)
FROM statements s
JOIN LATERAL (SELECT count(*) FILTER (WHERE u.reason <> '' AND u.undone_at >= u.paid_noted_at) AS kept
    FROM statement_undone_payments u WHERE u.organization_id = s.organization_id AND u.statement_id = s.id) u ON true
WHERE s.undone <> u.kept;

-- rule: an invoice asks for what its client accepted in its period, each part once
SELECT format('invoice %s: %s yen, accepted %s', i.number, i.amount, a.amount)
FROM client_invoices i
JOIN LATERAL (SELECT COALESCE(sum(a.amount), 0) AS amount, min(a.counted_on) AS first, max(a.counted_on) AS last,
        bool_or(o.company_id <> i.company_id) AS is_foreign
    FROM client_invoice_amounts b
    JOIN accepted_amounts a ON a.organization_id = b.organization_id AND a.id = b.accepted_amount_id
    JOIN orders o ON o.organization_id = a.organization_id AND o.id = a.order_id
    WHERE b.organization_id = i.organization_id AND b.invoice_id = i.id) a ON true
WHERE i.amount <> a.amount OR a.is_foreign OR i.supplied_from IS DISTINCT FROM a.first
    OR i.supplied_to IS DISTINCT FROM a.last OR a.last > i.closed_on;

-- rule: what was accepted is asked for anew only where all of the invoice before was returned
SELECT format('accepted amount %s: %s invoices stand', b.accepted_amount_id, count(*))
FROM client_invoice_amounts b
JOIN client_invoices i ON i.organization_id = b.organization_id AND i.id = b.invoice_id
WHERE i.amount > (SELECT COALESCE(sum(l.amount), 0) FROM client_credit_lines l
    WHERE l.organization_id = i.organization_id AND l.invoice_id = i.id)
GROUP BY b.organization_id, b.accepted_amount_id HAVING count(*) > 1
UNION ALL
SELECT format('invoice %s: said to be returned in whole: %s', i.id, b.is_free)
FROM client_invoices i
JOIN LATERAL (SELECT bool_or(b.credit_id IS NOT NULL) AS is_free FROM client_invoice_amounts b
    WHERE b.organization_id = i.organization_id AND b.invoice_id = i.id) b ON true
WHERE b.is_free <> (i.amount = (SELECT COALESCE(sum(l.amount), 0) FROM client_credit_lines l
    WHERE l.organization_id = i.organization_id AND l.invoice_id = i.id));

-- rule: no more is returned of an invoice than it asks for, line by line
SELECT format('invoice %s, line %s: %s yen of %s', l.invoice_id, l.position, c.amount, l.amount)
FROM client_invoice_lines l
JOIN LATERAL (SELECT sum(c.amount) AS amount, bool_or(c.tax_rate <> l.tax_rate) AS is_other FROM client_credit_lines c
    WHERE c.organization_id = l.organization_id AND c.invoice_id = l.invoice_id AND c.position = l.position) c ON true
WHERE c.amount > l.amount OR c.is_other;

-- rule: a return comes to its lines, and all returns of an invoice at a rate to that rate's tax, rounded down once
SELECT format('return %s: %s and %s yen', c.number, c.amount, c.tax)
FROM client_credits c
JOIN LATERAL (SELECT COALESCE(sum(l.amount), 0) AS amount FROM client_credit_lines l
    WHERE l.organization_id = c.organization_id AND l.credit_id = c.id) l ON true
JOIN LATERAL (SELECT COALESCE(sum(r.amount), 0) AS amount, COALESCE(sum(r.tax), 0) AS tax FROM client_credit_rates r
    WHERE r.organization_id = c.organization_id AND r.credit_id = c.id) r ON true
WHERE c.amount <> l.amount OR c.amount <> r.amount OR c.tax <> r.tax OR c.total <> c.amount + c.tax
UNION ALL
SELECT format('returns of invoice %s at %s %%: %s yen of tax', r.invoice_id, r.tax_rate, sum(r.tax))
FROM client_credit_rates r GROUP BY r.organization_id, r.invoice_id, r.tax_rate
HAVING sum(r.tax) <> div(sum(r.amount) * r.tax_rate, 100)
UNION ALL
SELECT format('return %s at %s %%: %s yen of tax', r.credit_id, r.tax_rate, r.tax)
FROM client_credit_rates r WHERE r.tax * 100 NOT BETWEEN r.amount * r.tax_rate - 99 AND r.amount * r.tax_rate + 99;

-- rule: returns of a town are numbered from one without a gap
SELECT format('town %s: %s returns, numbers %s to %s', c.organization_id, count(*), min(c.number), max(c.number))
FROM client_credits c GROUP BY c.organization_id HAVING count(*) <> max(c.number) OR min(c.number) <> 1;

-- rule: an invoice comes to its lines, with the tax rounded once for each rate
SELECT format('invoice %s: %s and %s yen', i.number, i.amount, i.tax)
FROM client_invoices i
JOIN LATERAL (SELECT COALESCE(sum(l.amount), 0) AS amount, COALESCE(sum(div(l.amount * l.tax_rate, 100)), 0) AS tax
    FROM (SELECT l.tax_rate, sum(l.amount) AS amount FROM client_invoice_lines l
        WHERE l.organization_id = i.organization_id AND l.invoice_id = i.id GROUP BY 1) l) l ON true
JOIN LATERAL (SELECT COALESCE(sum(r.tax), 0) AS tax FROM client_invoice_rates r
    WHERE r.organization_id = i.organization_id AND r.invoice_id = i.id) r ON true
WHERE i.amount <> l.amount OR i.tax <> l.tax OR r.tax <> l.tax OR i.total <> i.amount + i.tax;

-- rule: no order is asked for at a rate beyond what its lines say, but for a yen or two
SELECT format('order %s at %s %%: %s yen of %s', l.order_id, l.tax_rate, l.amount, q.amount)
FROM (SELECT l.organization_id, l.order_id, l.tax_rate, sum(l.amount) AS amount FROM client_invoice_lines l
    JOIN client_invoices i ON i.organization_id = l.organization_id AND i.id = l.invoice_id
    WHERE i.amount > (SELECT COALESCE(sum(c.amount), 0) FROM client_credits c
        WHERE c.organization_id = i.organization_id AND c.invoice_id = i.id)
    GROUP BY 1, 2, 3) l
JOIN LATERAL (SELECT COALESCE(sum(q.quantity::bigint * q.unit_price), 0) AS amount FROM order_lines q
    WHERE q.organization_id = l.organization_id AND q.order_id = l.order_id AND q.tax_rate = l.tax_rate) q ON true
WHERE l.amount > q.amount + 2;

-- rule: an invoice is due on the day of the terms that held when its order was accepted, the first that is not over
SELECT format('invoice %s: due on %s, accepted on %s, not %s', i.number, i.due_on, a.counted_on, d.due)
FROM client_invoices i
JOIN client_invoice_amounts b ON b.organization_id = i.organization_id AND b.invoice_id = i.id
JOIN accepted_amounts a ON a.organization_id = b.organization_id AND a.id = b.accepted_amount_id
JOIN orders o ON o.organization_id = a.organization_id AND o.id = a.order_id
LEFT JOIN LATERAL (SELECT t.closing_day, t.months_later, t.pay_day FROM client_terms t
    WHERE t.organization_id = o.organization_id AND t.company_id = o.made_for AND t.recorded_at <= o.created_at
    ORDER BY t.version DESC LIMIT 1) t ON true
JOIN LATERAL (SELECT min(days.day) AS due FROM (
        SELECT CASE WHEN t.closing_day IS NULL THEN (date_trunc('month', x.day) + interval '2 months')::date - 1
            ELSE LEAST(m.first + t.pay_day - 1, (m.first + interval '1 month')::date - 1) END AS day
        FROM generate_series(0, 36) late
        CROSS JOIN LATERAL (SELECT (a.counted_on + make_interval(months => late))::date AS day) x
        CROSS JOIN LATERAL (SELECT LEAST(date_trunc('month', x.day)::date + COALESCE(t.closing_day, 31) - 1,
            (date_trunc('month', x.day) + interval '1 month')::date - 1) AS closing) c
        CROSS JOIN LATERAL (SELECT (date_trunc('month', x.day) + make_interval(months => COALESCE(t.months_later, 0)
            + CASE WHEN c.closing < x.day THEN 1 ELSE 0 END))::date AS first) m) days
    WHERE days.day >= i.issued_on) d ON true
WHERE i.due_on IS DISTINCT FROM d.due;

-- rule: the rates of what was accepted come to it
SELECT format('accepted amount %s: %s of %s yen', a.id, r.amount, a.amount)
FROM accepted_amounts a
JOIN (SELECT organization_id, accepted_amount_id, sum(amount) AS amount FROM accepted_amount_rates GROUP BY 1, 2) r
    ON r.organization_id = a.organization_id AND r.accepted_amount_id = a.id
WHERE r.amount <> a.amount;

-- rule: invoices of a town are numbered from one without a gap
SELECT format('town %s: %s invoices, numbers %s to %s', i.organization_id, count(*), min(i.number), max(i.number))
FROM client_invoices i GROUP BY i.organization_id HAVING count(*) <> max(i.number) OR min(i.number) <> 1;

-- rule: no more is taken back than came in
SELECT format('invoice %s', p.invoice_id) FROM client_payments p GROUP BY p.organization_id, p.invoice_id HAVING sum(p.amount) < 0;

-- rule: what a client wants otherwise is a line of its own, under terms of its own, and paid once it has passed
SELECT format('decision %s about unit %s: %s yen, earned %s', d.id, d.unit_id, d.extra_pay, e.amount)
FROM fix_decisions d
LEFT JOIN terms_notices t ON t.organization_id = d.organization_id AND t.id = d.terms_notice_id
LEFT JOIN earnings e ON e.organization_id = d.organization_id AND e.fix_decision_id = d.id AND e.kind = 'fix'
LEFT JOIN LATERAL (SELECT s.maker_id, s.submitted_at FROM submissions s
    JOIN reviews r ON r.organization_id = s.organization_id AND r.submission_id = s.id AND r.verdict = 'pass' AND r.is_last
    WHERE s.organization_id = d.organization_id AND s.unit_id = d.unit_id AND s.submitted_at >= d.decided_at
    ORDER BY s.id LIMIT 1) made ON true
WHERE d.fault = 'specification' AND d.mender = 'same_worker' AND (d.extra_pay <= 0
    OR t.id IS NULL OR t.units <> 1 OR t.issued_at > made.submitted_at
    OR (e.id IS NOT NULL AND (e.amount <> d.extra_pay OR e.terms_notice_id <> d.terms_notice_id))
    OR (made.maker_id = (SELECT w.person_id FROM workers w WHERE w.organization_id = t.organization_id AND w.id = t.worker_id)
        AND (e.id IS NULL OR e.person_id <> made.maker_id)));
