-- Why: a client's wish went straight back to the worker, late at once; now coordination decides first: fault, pay, day.

SET LOCAL lock_timeout = '2s';

-- The last day work on this unit is received, where a decision set one; else its job's.
ALTER TABLE units ADD COLUMN due_on date;
GRANT UPDATE (due_on) ON units TO yui_app;

-- What coordination decided about a fix that a client asked for in a delivery.
CREATE TABLE fix_decisions (
    organization_id bigint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    unit_id bigint NOT NULL,
    delivery_id bigint NOT NULL,
    fault text NOT NULL CHECK (fault IN ('worker', 'specification')),
    mender text NOT NULL CHECK (mender IN ('same_worker', 'others')),
    -- What the holder is paid for mending, in yen before tax, beside the unit's own pay.
    extra_pay bigint NOT NULL CHECK (extra_pay BETWEEN 0 AND 10000000),
    due_on date NOT NULL,
    comment text NOT NULL CHECK (length(comment) BETWEEN 1 AND 4000),
    -- The terms of the paid part, frozen for the worker who mends.
    terms_notice_id bigint,
    decided_by bigint NOT NULL,
    decided_at timestamptz NOT NULL,
    PRIMARY KEY (organization_id, id),
    CONSTRAINT fix_decisions_once UNIQUE (organization_id, delivery_id, unit_id),
    FOREIGN KEY (organization_id, delivery_id, unit_id) REFERENCES delivery_units (organization_id, delivery_id, unit_id),
    FOREIGN KEY (organization_id, unit_id) REFERENCES units (organization_id, id),
    FOREIGN KEY (organization_id, terms_notice_id) REFERENCES terms_notices (organization_id, id),
    FOREIGN KEY (organization_id, decided_by) REFERENCES persons (organization_id, id),
    -- Others claim the unit under terms of their own, with the unit's full pay.
    CONSTRAINT fix_decisions_others_claim CHECK (mender <> 'others' OR extra_pay = 0),
    -- A changed specification is paid anew (Freelance Act art. 5); what is paid has terms (art. 3).
    CONSTRAINT fix_decisions_changes_are_paid CHECK (fault <> 'specification' OR mender = 'others' OR extra_pay > 0),
    CONSTRAINT fix_decisions_paid_under_terms CHECK ((extra_pay > 0) = (terms_notice_id IS NOT NULL))
);
CREATE INDEX fix_decisions_unit ON fix_decisions (organization_id, unit_id, id);
CREATE INDEX fix_decisions_terms ON fix_decisions (organization_id, terms_notice_id);
CREATE INDEX fix_decisions_decider ON fix_decisions (organization_id, decided_by);
SELECT protect_append_only('fix_decisions');
CREATE INDEX units_to_decide ON units (organization_id, id) WHERE state = 'claimed_back';
