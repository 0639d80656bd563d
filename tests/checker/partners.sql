-- What two towns share: one document, one order, one amount (product.md 8; domain.md, work with other municipalities).

-- rule: both towns of a share say the same of it
SELECT format('share %s of town %s, and %s of town %s', o.id, o.organization_id, i.id, i.organization_id)
FROM (SELECT * FROM shares WHERE side = 'out') o
JOIN partners p ON p.organization_id = o.organization_id AND p.id = o.partner_id
FULL JOIN (SELECT s.*, q.town_id FROM shares s
    JOIN partners q ON q.organization_id = s.organization_id AND q.id = s.partner_id WHERE s.side = 'in') i
    ON i.organization_id = p.town_id AND i.town_id = o.organization_id AND i.document_id = o.id
WHERE o.id IS NULL OR i.id IS NULL
    OR (o.title, o.work, o.quantity, o.unit_price, o.unit_minutes, o.due_on, o.orderer, o.orderer_email, o.pay_on, o.end_client,
        o.message, o.offered_at) IS DISTINCT FROM (i.title, i.work, i.quantity, i.unit_price, i.unit_minutes, i.due_on, i.orderer,
        i.orderer_email, i.pay_on, i.end_client, i.message, i.offered_at)
    OR (o.state, o.answered_at, o.reason, o.delivered, o.accepted)
        IS DISTINCT FROM (i.state, i.answered_at, i.reason, i.delivered, i.accepted);

-- rule: no more of an order is shared than it has
SELECT format('order %s: %s of %s pieces', s.order_id, sum(s.quantity), min(l.pieces))
FROM shares s
JOIN LATERAL (SELECT sum(l.quantity) AS pieces FROM order_lines l
    WHERE l.organization_id = s.organization_id AND l.order_id = s.order_id) l ON true
WHERE s.side = 'out' AND s.state NOT IN ('declined', 'withdrawn', 'cancelled')
GROUP BY s.organization_id, s.order_id HAVING sum(s.quantity) > min(l.pieces);

-- rule: what is taken from a partner is one order, re-entrusted as the document says
SELECT format('share %s, order %s', s.id, o.id)
FROM shares s
LEFT JOIN orders o ON o.organization_id = s.organization_id AND o.id = s.order_id
WHERE s.side = 'in' AND s.state IN ('accepted', 'finished', 'cancelled') AND (o.id IS NULL
    OR NOT o.re_entrusted OR o.original_client <> s.orderer OR o.original_pay_on IS DISTINCT FROM s.pay_on
    OR o.deal_id <> s.deal_id OR o.amount <> s.quantity * s.unit_price OR o.due_on <> s.due_on
    OR (s.state = 'finished') <> (o.state = 'closed'));

-- rule: of what two towns share as many pieces are accepted here as were accepted there
SELECT format('share %s, order %s: delivered %s and accepted %s, of units %s and %s', s.id, s.order_id, s.delivered, s.accepted,
    u.delivered, u.accepted)
FROM shares s
JOIN LATERAL (SELECT COALESCE(sum(j.unit_pieces) FILTER (WHERE u.state IN ('delivered', 'accepted')), 0) AS delivered,
        COALESCE(sum(j.unit_pieces) FILTER (WHERE u.state = 'accepted'), 0) AS accepted
    FROM units u JOIN jobs j ON j.organization_id = u.organization_id AND j.id = u.job_id
    WHERE u.organization_id = s.organization_id AND u.order_id = s.order_id) u ON true
WHERE s.side = 'in' AND (s.accepted <> u.accepted OR s.delivered <> u.delivered);

-- rule: what goes out to a partner for a share is what comes in there: agreed, accepted, asked for and paid, to the yen
SELECT format('share %s of town %s: %s yen out; %s accepted, %s asked for in town %s', o.id, o.organization_id, worth.yen, a.amount,
    b.amount, i.organization_id)
FROM shares o
JOIN partners p ON p.organization_id = o.organization_id AND p.id = o.partner_id
JOIN shares i ON i.organization_id = p.town_id AND i.document_id = o.id AND i.side = 'in' AND i.order_id IS NOT NULL
JOIN LATERAL (SELECT LEAST(o.accepted, o.quantity) * o.unit_price AS yen) worth ON true
JOIN LATERAL (SELECT COALESCE(sum(a.amount), 0) AS amount FROM accepted_amounts a
    WHERE a.organization_id = i.organization_id AND a.order_id = i.order_id) a ON true
JOIN LATERAL (SELECT COALESCE(sum(l.amount - COALESCE((SELECT sum(c.amount) FROM client_credit_lines c
        WHERE c.organization_id = l.organization_id AND c.invoice_id = l.invoice_id AND c.position = l.position), 0)), 0) AS amount
    FROM client_invoice_lines l WHERE l.organization_id = i.organization_id AND l.order_id = i.order_id) b ON true
WHERE o.side = 'out' AND (worth.yen <> a.amount OR a.amount <> b.amount)
UNION ALL
SELECT format('invoice %s to a partner: %s yen, %s came in', v.number, v.total, m.amount)
FROM client_invoices v
JOIN LATERAL (SELECT COALESCE(sum(m.amount), 0) AS amount FROM client_payments m
    WHERE m.organization_id = v.organization_id AND m.invoice_id = v.id) m ON true
WHERE EXISTS (SELECT FROM client_invoice_lines l
        JOIN shares s ON s.organization_id = l.organization_id AND s.order_id = l.order_id AND s.side = 'in'
        WHERE l.organization_id = v.organization_id AND l.invoice_id = v.id)
    AND m.amount <> v.total - COALESCE((SELECT sum(c.total) FROM client_credits c
        WHERE c.organization_id = v.organization_id AND c.invoice_id = v.id), 0);

-- rule: a partner is paid what was accepted from it, with tax
SELECT format('share %s of town %s: %s yen paid for %s', s.id, s.organization_id, p.amount, w.worth)
FROM shares s
JOIN LATERAL (SELECT LEAST(s.accepted, s.quantity) * s.unit_price AS worth) w ON true
JOIN LATERAL (SELECT COALESCE(sum(m.amount), 0) AS amount FROM share_payments m
    WHERE m.organization_id = s.organization_id AND m.share_id = s.id) p ON true
WHERE s.side = 'out' AND p.amount <> w.worth + w.worth * 10 / 100
UNION ALL
SELECT format('payment %s of town %s, for a share of another', m.id, m.organization_id)
FROM share_payments m
JOIN shares s ON s.organization_id = m.organization_id AND s.id = m.share_id
WHERE s.side <> 'out';
