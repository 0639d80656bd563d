-- Why: an order of a company that was merged into another was looked up under the other's terms, which are not those it was made with.

SET LOCAL lock_timeout = '2s';

-- The company that an order was made for. It stays when the order moves with a merge: that company's terms are the order's.
ALTER TABLE orders ADD COLUMN made_for bigint;
ALTER TABLE orders DISABLE TRIGGER USER;
UPDATE orders o SET made_for = COALESCE((SELECT m.merged_company_id FROM merges m WHERE m.organization_id = o.organization_id
        AND m.merged_company_id IS NOT NULL AND m.undone_at IS NULL AND m.moved -> 'orders' @> to_jsonb(o.id)
    ORDER BY m.id LIMIT 1), o.company_id);
ALTER TABLE orders ENABLE TRIGGER USER;
ALTER TABLE orders ALTER COLUMN made_for SET NOT NULL;
ALTER TABLE orders ADD CONSTRAINT orders_made_for FOREIGN KEY (organization_id, made_for)
    REFERENCES companies (organization_id, id);
CREATE INDEX orders_of_whom_made_for ON orders (organization_id, made_for);

CREATE FUNCTION remember_made_for() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    NEW.made_for := COALESCE(NEW.made_for, NEW.company_id);
    RETURN NEW;
END $$;
-- The last of those before the row is written, after whoever stands for a merged company.
CREATE TRIGGER remember_made_for BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION remember_made_for();
