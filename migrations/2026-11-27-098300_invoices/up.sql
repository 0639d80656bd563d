-- Why: what clients had accepted was counted and asked for by nobody; now it is invoiced, and what comes in is written down.

SET LOCAL lock_timeout = '2s';

-- An invoice to a client as it was issued. It never changes.
CREATE TABLE client_invoices (
    organization_id bigint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    -- Counted up in the town without a gap.
    number integer NOT NULL CHECK (number >= 1),
    company_id bigint NOT NULL,
    contact_id bigint,
    company_name text NOT NULL,
    issuer_name text NOT NULL,
    issuer_address text NOT NULL,
    -- The town's 登録番号 on that day; empty where it has none, and then this is no qualified invoice.
    registration_number text NOT NULL,
    -- Everything on it was accepted by this day.
    closed_on date NOT NULL,
    issued_on date NOT NULL,
    due_on date NOT NULL,
    -- Yen: the sums of its rates.
    amount bigint NOT NULL CHECK (amount >= 1),
    tax bigint NOT NULL CHECK (tax >= 0),
    total bigint NOT NULL CHECK (total = amount + tax),
    sha256 bytea NOT NULL CHECK (length(sha256) = 32),
    issued_by bigint NOT NULL,
    issued_at timestamptz NOT NULL,
    PRIMARY KEY (organization_id, id),
    CONSTRAINT client_invoices_number UNIQUE (organization_id, number),
    CONSTRAINT client_invoices_due CHECK (due_on >= closed_on),
    FOREIGN KEY (organization_id, company_id) REFERENCES companies (organization_id, id),
    FOREIGN KEY (organization_id, contact_id) REFERENCES contacts (organization_id, id),
    FOREIGN KEY (organization_id, issued_by) REFERENCES persons (organization_id, id)
);
CREATE INDEX client_invoices_of_company ON client_invoices (organization_id, company_id);
CREATE INDEX client_invoices_of_contact ON client_invoices (organization_id, contact_id);
CREATE INDEX client_invoices_by ON client_invoices (organization_id, issued_by);
CREATE INDEX client_invoices_due_first ON client_invoices (organization_id, due_on, id);
CREATE TRIGGER follow_merged_company BEFORE INSERT ON client_invoices
    FOR EACH ROW EXECUTE FUNCTION follow_merged_company();
CREATE TRIGGER follow_merged_contact BEFORE INSERT ON client_invoices
    FOR EACH ROW EXECUTE FUNCTION follow_merged_contact();
SELECT protect_append_only('client_invoices');
SELECT audited('client_invoices', 'number', 'company_id', 'closed_on', 'due_on', 'amount', 'tax', 'issued_by');

-- What it comes to at each rate, with the tax rounded once (消費税法基本通達 1-8-15).
CREATE TABLE client_invoice_rates (
    organization_id bigint NOT NULL,
    invoice_id bigint NOT NULL,
    tax_rate smallint NOT NULL CHECK (tax_rate BETWEEN 0 AND 100),
    amount bigint NOT NULL CHECK (amount >= 1),
    tax bigint NOT NULL CONSTRAINT client_invoice_rates_once CHECK (tax = amount * tax_rate / 100),
    PRIMARY KEY (organization_id, invoice_id, tax_rate),
    FOREIGN KEY (organization_id, invoice_id) REFERENCES client_invoices (organization_id, id)
);
SELECT protect_append_only('client_invoice_rates');

CREATE TABLE client_invoice_lines (
    organization_id bigint NOT NULL,
    invoice_id bigint NOT NULL,
    position integer NOT NULL CHECK (position >= 1),
    order_id bigint NOT NULL,
    -- What the order was called.
    title text NOT NULL,
    tax_rate smallint NOT NULL,
    amount bigint NOT NULL CHECK (amount >= 1),
    PRIMARY KEY (organization_id, invoice_id, position),
    FOREIGN KEY (organization_id, invoice_id, tax_rate) REFERENCES client_invoice_rates (organization_id, invoice_id, tax_rate),
    FOREIGN KEY (organization_id, order_id) REFERENCES orders (organization_id, id)
);
CREATE INDEX client_invoice_lines_rate ON client_invoice_lines (organization_id, invoice_id, tax_rate);
CREATE INDEX client_invoice_lines_order ON client_invoice_lines (organization_id, order_id);
SELECT protect_append_only('client_invoice_lines');

-- What was accepted is asked for once.
CREATE TABLE client_invoice_amounts (
    organization_id bigint NOT NULL,
    accepted_amount_id bigint NOT NULL,
    invoice_id bigint NOT NULL,
    PRIMARY KEY (organization_id, accepted_amount_id),
    FOREIGN KEY (organization_id, accepted_amount_id) REFERENCES accepted_amounts (organization_id, id),
    FOREIGN KEY (organization_id, invoice_id) REFERENCES client_invoices (organization_id, id)
);
CREATE INDEX client_invoice_amounts_of ON client_invoice_amounts (organization_id, invoice_id);
SELECT protect_append_only('client_invoice_amounts');

-- Money that came in. What was entered wrongly is taken back by a row of the opposite amount.
CREATE TABLE client_payments (
    organization_id bigint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    invoice_id bigint NOT NULL,
    received_on date NOT NULL,
    amount bigint NOT NULL CHECK (amount <> 0 AND abs(amount) <= 1000000000000),
    note text NOT NULL CHECK (length(note) <= 500),
    recorded_by bigint NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (organization_id, id),
    CONSTRAINT client_payments_taken_back_why CHECK (amount > 0 OR note <> ''),
    FOREIGN KEY (organization_id, invoice_id) REFERENCES client_invoices (organization_id, id),
    FOREIGN KEY (organization_id, recorded_by) REFERENCES persons (organization_id, id)
);
CREATE INDEX client_payments_of ON client_payments (organization_id, invoice_id, id);
CREATE INDEX client_payments_by ON client_payments (organization_id, recorded_by);
CREATE INDEX client_payments_on ON client_payments (organization_id, received_on);
SELECT protect_append_only('client_payments');
SELECT audited('client_payments', 'invoice_id', 'received_on', 'amount', 'recorded_by');

-- No total disagrees with its rates, and no rate with its lines.
CREATE FUNCTION forbid_wrong_invoice_sums() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    said client_invoices;
    listed bigint;
    listed_tax bigint;
    invoice bigint := COALESCE((to_jsonb(NEW) ->> 'invoice_id')::bigint, (to_jsonb(NEW) ->> 'id')::bigint);
BEGIN
    SELECT * INTO said FROM client_invoices i WHERE i.organization_id = NEW.organization_id AND i.id = invoice;
    SELECT sum(r.amount), sum(r.tax) INTO listed, listed_tax FROM client_invoice_rates r
        WHERE r.organization_id = NEW.organization_id AND r.invoice_id = invoice;
    IF listed IS DISTINCT FROM said.amount OR listed_tax IS DISTINCT FROM said.tax
        OR EXISTS (SELECT 1 FROM client_invoice_rates r WHERE r.organization_id = NEW.organization_id
            AND r.invoice_id = invoice AND r.amount IS DISTINCT FROM (SELECT sum(l.amount) FROM client_invoice_lines l
                WHERE l.organization_id = r.organization_id AND l.invoice_id = r.invoice_id AND l.tax_rate = r.tax_rate))
        OR said.amount IS DISTINCT FROM (SELECT sum(a.amount) FROM client_invoice_amounts b
            JOIN accepted_amounts a ON a.organization_id = b.organization_id AND a.id = b.accepted_amount_id
            WHERE b.organization_id = NEW.organization_id AND b.invoice_id = invoice) THEN
        RAISE EXCEPTION 'invoice % does not come to what it lists', invoice
            USING ERRCODE = 'check_violation', CONSTRAINT = 'client_invoices_sum';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER client_invoices_sum AFTER INSERT ON client_invoices
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION forbid_wrong_invoice_sums();
CREATE CONSTRAINT TRIGGER client_invoice_rates_sum AFTER INSERT ON client_invoice_rates
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION forbid_wrong_invoice_sums();
CREATE CONSTRAINT TRIGGER client_invoice_lines_sum AFTER INSERT ON client_invoice_lines
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION forbid_wrong_invoice_sums();
CREATE CONSTRAINT TRIGGER client_invoice_amounts_sum AFTER INSERT ON client_invoice_amounts
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION forbid_wrong_invoice_sums();
