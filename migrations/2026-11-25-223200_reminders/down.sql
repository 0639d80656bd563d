DELETE FROM delivery_accesses WHERE kind = 'reminded';
ALTER TABLE delivery_accesses DROP CONSTRAINT delivery_accesses_kind_check;
ALTER TABLE delivery_accesses ADD CONSTRAINT delivery_accesses_kind_check
    CHECK (kind IN ('opened', 'downloaded', 'code_sent', 'answered', 'withdrawn'));
