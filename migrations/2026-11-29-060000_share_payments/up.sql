-- Why: what a partner town was agreed to be paid was known, and what it was paid was written down nowhere.

SET LOCAL lock_timeout = '2s';

-- owner: fulfillment. Money that was paid to a partner for a share of this town's. What was entered wrongly is taken back by a
-- row of the opposite amount. What a partner pays for is a client's invoice, with its own payments.
CREATE TABLE share_payments (
    organization_id bigint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    share_id bigint NOT NULL,
    paid_on date NOT NULL,
    -- Yen, with tax.
    amount bigint NOT NULL CHECK (amount <> 0 AND abs(amount) <= 2000000000000),
    note text NOT NULL CHECK (length(note) <= 500),
    recorded_by bigint NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (organization_id, id),
    CONSTRAINT share_payments_taken_back_why CHECK (amount > 0 OR note <> ''),
    FOREIGN KEY (organization_id, share_id) REFERENCES shares (organization_id, id),
    FOREIGN KEY (organization_id, recorded_by) REFERENCES persons (organization_id, id)
);
CREATE INDEX share_payments_of ON share_payments (organization_id, share_id, id);
CREATE INDEX share_payments_by ON share_payments (organization_id, recorded_by);
SELECT protect_append_only('share_payments');
SELECT audited('share_payments', 'share_id', 'paid_on', 'amount', 'recorded_by');
