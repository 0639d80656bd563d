-- Why: a cancelled or closed order kept a unit that moved back while its states were walked forward; now the tables refuse it.

SET LOCAL lock_timeout = '2s';

-- Accepted and cancelled are ends. It reads nothing but its own row, so it cannot wait for anybody.
CREATE FUNCTION forbid_leaving_the_end() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION '% % is % and does not become %', TG_TABLE_NAME, OLD.id, OLD.state, NEW.state
        USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
END $$;
CREATE TRIGGER units_end_once BEFORE UPDATE OF state ON units FOR EACH ROW
    WHEN (OLD.state IN ('accepted', 'cancelled') AND NEW.state IS DISTINCT FROM OLD.state)
    EXECUTE FUNCTION forbid_leaving_the_end();
CREATE TRIGGER orders_end_once BEFORE UPDATE OF state ON orders FOR EACH ROW
    WHEN (OLD.state IN ('closed', 'cancelled') AND NEW.state IS DISTINCT FROM OLD.state)
    EXECUTE FUNCTION forbid_leaving_the_end();

-- An order ends with its units. With the rule above no move of a unit can follow: whoever moves a live unit at the same
-- time leaves it live in what this statement sees, and the order does not end.
CREATE FUNCTION forbid_ending_before_the_units() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM units u WHERE u.organization_id = NEW.organization_id AND u.order_id = NEW.id
               AND u.state NOT IN ('accepted', 'cancelled')) THEN
        RAISE EXCEPTION 'order % has units that are not over', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER orders_end_with_their_units BEFORE UPDATE OF state ON orders FOR EACH ROW
    WHEN (NEW.state IN ('closed', 'cancelled')) EXECUTE FUNCTION forbid_ending_before_the_units();

-- And no unit is split off an order that is over; the lock makes a splitting and an ending transaction take turns.
CREATE FUNCTION forbid_units_of_ended_orders() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM 1 FROM orders o WHERE (o.organization_id, o.id) IN (SELECT organization_id, order_id FROM new_rows) FOR SHARE;
    IF EXISTS (SELECT 1 FROM new_rows n JOIN orders o ON o.organization_id = n.organization_id AND o.id = n.order_id
               WHERE o.state IN ('closed', 'cancelled')) THEN
        RAISE EXCEPTION 'an order that is over gets no more units'
            USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER units_of_open_orders AFTER INSERT ON units REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION forbid_units_of_ended_orders();

-- What a unit is, and what it belongs to, never changes; nor is one ever taken out of the books.
REVOKE UPDATE, DELETE ON units FROM yui_app;
GRANT UPDATE (state, passed_basis, holder_id, cancel_fault, compensation, version) ON units TO yui_app;
