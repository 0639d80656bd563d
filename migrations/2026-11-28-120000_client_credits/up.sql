-- Why: an invoice that was wrong could not be put right: it never changes, and there was no return document (適格返還請求書, 消費税法57条の4第3項).

SET LOCAL lock_timeout = '2s';

-- What a client is not asked for any more, of one invoice, as it was issued. It never changes.
CREATE TABLE client_credits (
    organization_id bigint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    -- Counted up in the town without a gap, apart from invoices.
    number integer NOT NULL CHECK (number >= 1),
    invoice_id bigint NOT NULL,
    reason text NOT NULL CHECK (length(reason) BETWEEN 1 AND 500),
    issuer_name text NOT NULL,
    issuer_address text NOT NULL,
    registration_number text NOT NULL,
    issued_on date NOT NULL,
    -- Yen: the sums of its rates.
    amount bigint NOT NULL CHECK (amount >= 1),
    tax bigint NOT NULL CHECK (tax >= 0),
    total bigint NOT NULL CHECK (total = amount + tax),
    sha256 bytea NOT NULL CHECK (length(sha256) = 32),
    issued_by bigint NOT NULL,
    issued_at timestamptz NOT NULL,
    PRIMARY KEY (organization_id, id),
    CONSTRAINT client_credits_number UNIQUE (organization_id, number),
    CONSTRAINT client_credits_of_invoice UNIQUE (organization_id, id, invoice_id),
    FOREIGN KEY (organization_id, invoice_id) REFERENCES client_invoices (organization_id, id),
    FOREIGN KEY (organization_id, issued_by) REFERENCES persons (organization_id, id)
);
CREATE INDEX client_credits_invoice ON client_credits (organization_id, invoice_id, id);
CREATE INDEX client_credits_by ON client_credits (organization_id, issued_by);
SELECT protect_append_only('client_credits');
SELECT audited('client_credits', 'number', 'invoice_id', 'amount', 'tax', 'issued_by');

-- What it comes to at each rate. Its tax is rounded once: up or down, so that an invoice and its returns together are rounded down once.
CREATE TABLE client_credit_rates (
    organization_id bigint NOT NULL,
    credit_id bigint NOT NULL,
    invoice_id bigint NOT NULL,
    tax_rate smallint NOT NULL,
    amount bigint NOT NULL CHECK (amount >= 1),
    tax bigint NOT NULL CONSTRAINT client_credit_rates_once
        CHECK (tax BETWEEN amount * tax_rate / 100 AND (amount * tax_rate + 99) / 100),
    PRIMARY KEY (organization_id, credit_id, tax_rate),
    FOREIGN KEY (organization_id, credit_id, invoice_id) REFERENCES client_credits (organization_id, id, invoice_id),
    FOREIGN KEY (organization_id, invoice_id, tax_rate) REFERENCES client_invoice_rates (organization_id, invoice_id, tax_rate)
);
CREATE INDEX client_credit_rates_credit ON client_credit_rates (organization_id, credit_id, invoice_id);
CREATE INDEX client_credit_rates_of ON client_credit_rates (organization_id, invoice_id, tax_rate);
SELECT protect_append_only('client_credit_rates');

-- Of which lines of the invoice.
CREATE TABLE client_credit_lines (
    organization_id bigint NOT NULL,
    credit_id bigint NOT NULL,
    invoice_id bigint NOT NULL,
    position integer NOT NULL,
    tax_rate smallint NOT NULL,
    amount bigint NOT NULL CHECK (amount >= 1),
    PRIMARY KEY (organization_id, credit_id, position),
    FOREIGN KEY (organization_id, credit_id, invoice_id) REFERENCES client_credits (organization_id, id, invoice_id),
    FOREIGN KEY (organization_id, credit_id, tax_rate) REFERENCES client_credit_rates (organization_id, credit_id, tax_rate),
    FOREIGN KEY (organization_id, invoice_id, position) REFERENCES client_invoice_lines (organization_id, invoice_id, position)
);
CREATE INDEX client_credit_lines_credit ON client_credit_lines (organization_id, credit_id, invoice_id);
CREATE INDEX client_credit_lines_rate ON client_credit_lines (organization_id, credit_id, tax_rate);
CREATE INDEX client_credit_lines_of ON client_credit_lines (organization_id, invoice_id, position);
SELECT protect_append_only('client_credit_lines');

-- What an invoice asked for that was returned in whole may be asked for anew: by one standing invoice at a time.
ALTER TABLE client_invoice_amounts ADD COLUMN credit_id bigint;
ALTER TABLE client_invoice_amounts DROP CONSTRAINT client_invoice_amounts_pkey;
ALTER TABLE client_invoice_amounts ADD PRIMARY KEY (organization_id, accepted_amount_id, invoice_id);
ALTER TABLE client_invoice_amounts ADD CONSTRAINT client_invoice_amounts_credit
    FOREIGN KEY (organization_id, credit_id, invoice_id) REFERENCES client_credits (organization_id, id, invoice_id);
CREATE UNIQUE INDEX client_invoice_amounts_once ON client_invoice_amounts (organization_id, accepted_amount_id)
    WHERE credit_id IS NULL;
CREATE INDEX client_invoice_amounts_credited ON client_invoice_amounts (organization_id, credit_id, invoice_id)
    WHERE credit_id IS NOT NULL;
GRANT UPDATE (credit_id) ON client_invoice_amounts TO yui_app;

-- No return goes beyond its invoice, at any line or rate; and what was asked for is free again exactly where all of it was returned.
CREATE FUNCTION forbid_wrong_credits() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    -- Of two that are written at once, the second counts the first.
    PERFORM pg_advisory_xact_lock(hashtextextended('credits of an invoice', NEW.invoice_id));
    IF EXISTS (SELECT 1 FROM client_invoice_lines l WHERE l.organization_id = NEW.organization_id AND l.invoice_id = NEW.invoice_id
        AND l.amount < (SELECT sum(c.amount) FROM client_credit_lines c WHERE c.organization_id = l.organization_id
            AND c.invoice_id = l.invoice_id AND c.position = l.position)) THEN
        RAISE EXCEPTION 'more is returned of invoice % than it asks for', NEW.invoice_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'client_credits_within';
    END IF;
    IF EXISTS (SELECT 1 FROM client_credits c WHERE c.organization_id = NEW.organization_id AND c.invoice_id = NEW.invoice_id
            AND NOT EXISTS (SELECT 1 FROM client_credit_rates r WHERE r.organization_id = c.organization_id AND r.credit_id = c.id
                HAVING sum(r.amount) = c.amount AND sum(r.tax) = c.tax))
        OR EXISTS (SELECT 1 FROM client_credit_rates r WHERE r.organization_id = NEW.organization_id
            AND r.invoice_id = NEW.invoice_id AND r.amount IS DISTINCT FROM (SELECT sum(l.amount) FROM client_credit_lines l
                WHERE l.organization_id = r.organization_id AND l.credit_id = r.credit_id AND l.tax_rate = r.tax_rate))
        OR EXISTS (SELECT 1 FROM client_credit_lines c JOIN client_invoice_lines l ON l.organization_id = c.organization_id
            AND l.invoice_id = c.invoice_id AND l.position = c.position
            WHERE c.organization_id = NEW.organization_id AND c.invoice_id = NEW.invoice_id AND c.tax_rate <> l.tax_rate)
        OR EXISTS (SELECT 1 FROM client_credit_rates r WHERE r.organization_id = NEW.organization_id
            AND r.invoice_id = NEW.invoice_id GROUP BY r.tax_rate
            HAVING sum(r.tax) <> div(sum(r.amount) * r.tax_rate, 100)) THEN
        RAISE EXCEPTION 'a return of invoice % does not come to what it lists', NEW.invoice_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'client_credits_sum';
    END IF;
    IF EXISTS (SELECT 1 FROM client_invoice_amounts b JOIN client_invoices i ON i.organization_id = b.organization_id
            AND i.id = b.invoice_id
        WHERE b.organization_id = NEW.organization_id AND b.invoice_id = NEW.invoice_id
            AND (b.credit_id IS NOT NULL) <> (i.amount = (SELECT COALESCE(sum(c.amount), 0) FROM client_credits c
                WHERE c.organization_id = i.organization_id AND c.invoice_id = i.id))) THEN
        RAISE EXCEPTION 'what invoice % asked for is free exactly where all of it was returned', NEW.invoice_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'client_credits_release';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER client_credits_sum AFTER INSERT ON client_credits
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION forbid_wrong_credits();
CREATE CONSTRAINT TRIGGER client_credit_rates_sum AFTER INSERT ON client_credit_rates
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION forbid_wrong_credits();
CREATE CONSTRAINT TRIGGER client_credit_lines_sum AFTER INSERT ON client_credit_lines
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION forbid_wrong_credits();
CREATE CONSTRAINT TRIGGER client_invoice_amounts_release AFTER UPDATE ON client_invoice_amounts
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION forbid_wrong_credits();
CREATE CONSTRAINT TRIGGER client_invoice_amounts_born_free AFTER INSERT ON client_invoice_amounts
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.credit_id IS NOT NULL) EXECUTE FUNCTION forbid_wrong_credits();
