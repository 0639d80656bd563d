-- Why: an order whose client had agreed to a later day stayed late for ever; its day moves now, and the agreement is kept.

SET LOCAL lock_timeout = '2s';

CREATE TABLE order_due_moves (
    organization_id bigint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    order_id bigint NOT NULL,
    from_day date NOT NULL,
    to_day date NOT NULL,
    -- With whom and when it was agreed.
    agreement text NOT NULL CHECK (length(agreement) BETWEEN 1 AND 2000),
    moved_by bigint NOT NULL,
    moved_at timestamptz NOT NULL,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, order_id) REFERENCES orders (organization_id, id),
    FOREIGN KEY (organization_id, moved_by) REFERENCES persons (organization_id, id),
    CONSTRAINT order_due_moves_move CHECK (to_day <> from_day)
);
CREATE INDEX order_due_moves_of_order ON order_due_moves (organization_id, order_id, id);
CREATE INDEX order_due_moves_by ON order_due_moves (organization_id, moved_by);
SELECT protect_append_only('order_due_moves');
