-- Why: what was accepted of an order was split over its tax rates by proportion even where its jobs say of which line its pieces are.

SET LOCAL lock_timeout = '2s';

-- What an amount comes to at each rate, where the pieces say so; none where they do not, or the order has one rate.
CREATE TABLE accepted_amount_rates (
    organization_id bigint NOT NULL,
    accepted_amount_id bigint NOT NULL,
    tax_rate smallint NOT NULL CHECK (tax_rate BETWEEN 0 AND 100),
    amount bigint NOT NULL CHECK (amount >= 1),
    PRIMARY KEY (organization_id, accepted_amount_id, tax_rate),
    FOREIGN KEY (organization_id, accepted_amount_id) REFERENCES accepted_amounts (organization_id, id)
);
SELECT protect_append_only('accepted_amount_rates');

CREATE FUNCTION forbid_wrong_accepted_rates() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF (SELECT a.amount FROM accepted_amounts a WHERE a.organization_id = NEW.organization_id AND a.id = NEW.accepted_amount_id)
        IS DISTINCT FROM (SELECT sum(r.amount) FROM accepted_amount_rates r
            WHERE r.organization_id = NEW.organization_id AND r.accepted_amount_id = NEW.accepted_amount_id) THEN
        RAISE EXCEPTION 'the rates of accepted amount % do not come to it', NEW.accepted_amount_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'accepted_amount_rates_sum';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER accepted_amount_rates_sum AFTER INSERT ON accepted_amount_rates
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION forbid_wrong_accepted_rates();
