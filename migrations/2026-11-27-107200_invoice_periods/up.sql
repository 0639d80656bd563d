-- Why: an invoice said up to which day it went and not of when its work was; the law wants the day or the period (消費税法57条の4).

SET LOCAL lock_timeout = '2s';

-- The first and the last day on which something on it was accepted.
ALTER TABLE client_invoices ADD COLUMN supplied_from date;
ALTER TABLE client_invoices ADD COLUMN supplied_to date;
ALTER TABLE client_invoices DISABLE TRIGGER USER;
UPDATE client_invoices i SET supplied_from = days.first, supplied_to = days.last
FROM (SELECT b.organization_id, b.invoice_id, min(a.counted_on) AS first, max(a.counted_on) AS last
    FROM client_invoice_amounts b
    JOIN accepted_amounts a ON a.organization_id = b.organization_id AND a.id = b.accepted_amount_id GROUP BY 1, 2) days
WHERE days.organization_id = i.organization_id AND days.invoice_id = i.id;
ALTER TABLE client_invoices ENABLE TRIGGER USER;
ALTER TABLE client_invoices ALTER COLUMN supplied_from SET NOT NULL;
ALTER TABLE client_invoices ALTER COLUMN supplied_to SET NOT NULL;
ALTER TABLE client_invoices ADD CONSTRAINT client_invoices_supplied CHECK (supplied_from <= supplied_to AND supplied_to <= closed_on);
