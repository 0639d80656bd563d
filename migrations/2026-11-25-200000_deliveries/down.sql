DROP INDEX deliveries_by_sending;
DROP TRIGGER audit_insert ON delivery_links;
DROP TRIGGER audit_update ON delivery_links;
DROP TRIGGER audit_delete ON delivery_links;
DELETE FROM delivery_accesses WHERE kind = 'withdrawn';
ALTER TABLE delivery_accesses DROP CONSTRAINT delivery_accesses_kind_check;
ALTER TABLE delivery_accesses ADD CONSTRAINT delivery_accesses_kind_check
    CHECK (kind IN ('opened', 'downloaded', 'code_sent', 'answered'));
