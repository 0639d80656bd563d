-- Why: an issued quote is a document; its rows said so, but the application's role could have rewritten them.

SET LOCAL lock_timeout = '2s';

-- Whether it stands may change, what it says never.
REVOKE UPDATE, DELETE ON quotes FROM yui_app;
GRANT UPDATE (state, accepted_at, superseded_at) ON quotes TO yui_app;

-- Lines cannot be changed or taken away (append-only); this keeps one from being added to a quote that has its lines.
CREATE FUNCTION forbid_later_quote_lines() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM quote_lines l
               WHERE (l.organization_id, l.quote_id) IN (SELECT organization_id, quote_id FROM new_rows)
                 AND NOT EXISTS (SELECT 1 FROM new_rows n WHERE n.organization_id = l.organization_id
                                 AND n.quote_id = l.quote_id AND n.position = l.position)) THEN
        RAISE EXCEPTION 'the lines of a quote are written all at once'
            USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER quote_lines_at_once AFTER INSERT ON quote_lines REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION forbid_later_quote_lines();

-- One rounding per rate and document (qualified invoice rules): tax is rounded down on the sum of a rate's lines.
-- Deferred to the end of the transaction, because a quote comes before its lines.
CREATE FUNCTION check_quote_totals() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    base bigint;
    due bigint;
BEGIN
    SELECT sum(r.base), sum(r.base * r.tax_rate / 100) INTO base, due
    FROM (SELECT l.tax_rate, sum(l.quantity::bigint * l.unit_price)::bigint AS base FROM quote_lines l
          WHERE l.organization_id = NEW.organization_id AND l.quote_id = NEW.id GROUP BY l.tax_rate) r;
    IF (base, due) IS DISTINCT FROM (NEW.subtotal, NEW.tax) THEN
        RAISE EXCEPTION 'quote % says % and tax %, its lines %, %', NEW.id, NEW.subtotal, NEW.tax, base, due
            USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER quotes_agree_with_their_lines AFTER INSERT OR UPDATE OF subtotal, tax ON quotes
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_quote_totals();
