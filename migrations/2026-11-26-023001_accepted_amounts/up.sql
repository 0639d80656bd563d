-- Why: what a year counted as accepted was reckoned anew from today's units, so a closed year changed; now it is written down.

SET LOCAL lock_timeout = '2s';

ALTER TABLE deliveries ADD CONSTRAINT deliveries_of_their_order UNIQUE (organization_id, order_id, id);

-- What counts of an order in yen before tax, written with the answer or the close that made it count. Rows are never
-- changed: a year is the sum of its rows, and all rows of an order that closed in full are the order's amount.
CREATE TABLE accepted_amounts (
    organization_id bigint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    order_id bigint NOT NULL,
    -- The delivery whose answer made it count; none where the order closed without one.
    delivery_id bigint,
    -- The day in Japan.
    counted_on date NOT NULL,
    amount bigint NOT NULL CHECK (amount > 0),
    reason text NOT NULL CHECK (reason IN ('answered', 'closed', 'closed_short')),
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, order_id) REFERENCES orders (organization_id, id),
    FOREIGN KEY (organization_id, order_id, delivery_id) REFERENCES deliveries (organization_id, order_id, id),
    CONSTRAINT accepted_amounts_answers_have_deliveries CHECK ((reason = 'answered') = (delivery_id IS NOT NULL)),
    -- A delivery is answered once, and an order closes once.
    CONSTRAINT accepted_amounts_once UNIQUE NULLS NOT DISTINCT (organization_id, order_id, delivery_id)
);
CREATE INDEX accepted_amounts_by_day ON accepted_amounts (organization_id, counted_on, order_id) INCLUDE (amount);
SELECT protect_append_only('accepted_amounts');

-- Orders from before count as their pages said until now: accepted pieces of all pieces there are, delivery by delivery,
-- and what is left of a whole order on the day it closed.
INSERT INTO accepted_amounts (organization_id, order_id, delivery_id, counted_on, amount, reason)
WITH answers AS (
    SELECT d.organization_id, d.order_id, d.id AS delivery_id, d.answered_at, sum(j.unit_pieces) AS pieces
    FROM deliveries d
        JOIN delivery_units a ON a.organization_id = d.organization_id AND a.delivery_id = d.id
        JOIN units u ON u.organization_id = a.organization_id AND u.id = a.unit_id
        JOIN jobs j ON j.organization_id = u.organization_id AND j.id = u.job_id
    WHERE a.answer = 'accepted' GROUP BY d.organization_id, d.order_id, d.id, d.answered_at),
reached AS (
    SELECT a.*, LEAST(o.amount, div(
        o.amount * sum(a.pieces) OVER (PARTITION BY a.organization_id, a.order_id ORDER BY a.answered_at, a.delivery_id),
        GREATEST(1,
            (SELECT sum(l.quantity) FROM order_lines l WHERE l.organization_id = o.organization_id AND l.order_id = o.id),
            (SELECT sum(j.unit_pieces) FROM units u
                 JOIN jobs j ON j.organization_id = u.organization_id AND j.id = u.job_id
             WHERE u.organization_id = o.organization_id AND u.order_id = o.id AND o.short_reason IS NULL
                 AND (u.state <> 'cancelled' OR o.state = 'cancelled')))))::bigint AS amount
    FROM answers a JOIN orders o ON o.organization_id = a.organization_id AND o.id = a.order_id),
steps AS (
    SELECT organization_id, order_id, delivery_id, answered_at AS at, 'answered' AS reason, amount - lag(amount, 1, 0::bigint)
        OVER (PARTITION BY organization_id, order_id ORDER BY answered_at, delivery_id) AS amount
    FROM reached
    UNION ALL
    SELECT o.organization_id, o.id, NULL, o.ended_at, 'closed', o.amount - COALESCE((SELECT max(r.amount) FROM reached r
        WHERE r.organization_id = o.organization_id AND r.order_id = o.id), 0)
    FROM orders o WHERE o.state = 'closed' AND o.short_reason IS NULL)
SELECT organization_id, order_id, delivery_id, (at AT TIME ZONE 'Asia/Tokyo')::date, amount, reason
FROM steps WHERE amount > 0 ORDER BY at, order_id, delivery_id;
