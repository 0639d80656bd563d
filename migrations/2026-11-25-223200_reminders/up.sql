-- Why: a client who does not answer is reminded with the same link, and the link's log says when.

SET LOCAL lock_timeout = '2s';

ALTER TABLE delivery_accesses DROP CONSTRAINT delivery_accesses_kind_check;
ALTER TABLE delivery_accesses ADD CONSTRAINT delivery_accesses_kind_check
    CHECK (kind IN ('opened', 'downloaded', 'code_sent', 'answered', 'withdrawn', 'reminded'));
