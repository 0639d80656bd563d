-- Why: a client's link can be withdrawn, which its log and the audit trail keep; and deliveries are listed by when they went out.

SET LOCAL lock_timeout = '2s';

ALTER TABLE delivery_accesses DROP CONSTRAINT delivery_accesses_kind_check;
ALTER TABLE delivery_accesses ADD CONSTRAINT delivery_accesses_kind_check
    CHECK (kind IN ('opened', 'downloaded', 'code_sent', 'answered', 'withdrawn'));

-- Never the digests: what opens a delivery stands in no trail.
SELECT audited('delivery_links', 'delivery_id', 'expires_at', 'revoked_at');

CREATE INDEX deliveries_by_sending ON deliveries (organization_id, sent_at, id);
