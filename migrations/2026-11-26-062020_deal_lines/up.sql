-- Why: what a deal is about was a sum alone: nobody saw which jobs at what price and minutes it was made of, and a client who orders the same again was typed in anew.

SET LOCAL lock_timeout = '2s';

CREATE TABLE deal_lines (
    organization_id bigint NOT NULL,
    deal_id bigint NOT NULL,
    position smallint NOT NULL CHECK (position > 0),
    job_kind text NOT NULL CHECK (length(job_kind) BETWEEN 1 AND 200),
    quantity integer NOT NULL CHECK (quantity BETWEEN 1 AND 1000000),
    unit_price bigint NOT NULL CHECK (unit_price BETWEEN 0 AND 1000000000),
    unit_minutes integer NOT NULL CHECK (unit_minutes BETWEEN 1 AND 6000),
    PRIMARY KEY (organization_id, deal_id, position),
    FOREIGN KEY (organization_id, deal_id) REFERENCES deals (organization_id, id)
);
SELECT protect('deal_lines');
SELECT audited('deal_lines', 'deal_id', 'position', 'quantity', 'unit_price', 'unit_minutes');

-- Where a deal's amount comes from: somebody's hand, the sum of its lines, or its standing quote.
ALTER TABLE deals ADD COLUMN amount_basis text NOT NULL DEFAULT 'hand' CHECK (amount_basis IN ('hand', 'lines', 'quote'));
ALTER TABLE deals DISABLE TRIGGER USER;
UPDATE deals SET amount_basis = 'quote' WHERE EXISTS (SELECT FROM quotes
    WHERE quotes.organization_id = deals.organization_id AND quotes.deal_id = deals.id AND quotes.state <> 'superseded');
ALTER TABLE deals ENABLE TRIGGER USER;
-- The won deal that a client ordered the same as once more.
ALTER TABLE deals ADD COLUMN repeats_id bigint;
ALTER TABLE deals ADD FOREIGN KEY (organization_id, repeats_id) REFERENCES deals (organization_id, id);
CREATE INDEX deals_repeats ON deals (organization_id, repeats_id) WHERE repeats_id IS NOT NULL;
