-- Why: an order had a day and nobody knew how likely it is to be kept; now each night says by when it will be done, and what would help where that is too late.

SET LOCAL lock_timeout = '2s';

-- How each open order looks, reckoned anew each night.
CREATE TABLE order_outlooks (
    organization_id bigint NOT NULL,
    order_id bigint NOT NULL,
    reckoned_at timestamptz NOT NULL,
    -- The client's day as it was when this was reckoned.
    due_on date NOT NULL,
    minutes_left bigint NOT NULL CHECK (minutes_left >= 0),
    -- The days by which it was done in 50, 85 and 95 of 100 runs; none where that lies beyond what can be seen.
    half_on date,
    promised_on date,
    nearly_on date,
    -- In how many of a thousand runs it was done after its day.
    late_permille smallint NOT NULL CHECK (late_permille BETWEEN 0 AND 1000),
    -- Why there is no day.
    gap text CHECK (gap IN ('no_hours', 'nobody_fits', 'too_far')),
    -- The cheapest of what would help, where it is at risk.
    remedy text CHECK (remedy IN ('split', 're_offer', 'second_worker', 'renegotiate')),
    remedy_units integer CHECK (remedy_units > 0),
    remedy_from bigint,
    remedy_to bigint,
    PRIMARY KEY (organization_id, order_id),
    FOREIGN KEY (organization_id, order_id) REFERENCES orders (organization_id, id),
    FOREIGN KEY (organization_id, remedy_from) REFERENCES persons (organization_id, id),
    FOREIGN KEY (organization_id, remedy_to) REFERENCES persons (organization_id, id),
    CONSTRAINT order_outlooks_day_or_gap CHECK ((promised_on IS NULL) = (gap IS NOT NULL)),
    CONSTRAINT order_outlooks_in_order CHECK (half_on <= promised_on AND promised_on <= nearly_on)
);
CREATE INDEX order_outlooks_at_risk ON order_outlooks (organization_id, late_permille DESC, order_id);
CREATE INDEX order_outlooks_remedy_from ON order_outlooks (organization_id, remedy_from);
CREATE INDEX order_outlooks_remedy_to ON order_outlooks (organization_id, remedy_to);
SELECT protect('order_outlooks');

-- Every day that an order was promised for, from the first on, with why it is another than before. Never changed.
CREATE TABLE order_promises (
    organization_id bigint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    order_id bigint NOT NULL,
    promised_on date,
    cause text NOT NULL CHECK (cause IN ('first', 'due_moved', 'more_work', 'less_work', 'more_hours', 'fewer_hours', 'faster', 'slower')),
    made_at timestamptz NOT NULL,
    -- What it was reckoned from, so that the next one can say what changed.
    due_on date NOT NULL,
    minutes_whole bigint NOT NULL CHECK (minutes_whole >= 0),
    minutes_left bigint NOT NULL CHECK (minutes_left BETWEEN 0 AND minutes_whole),
    -- Minutes that everybody offers within four weeks.
    minutes_offered bigint NOT NULL CHECK (minutes_offered >= 0),
    late_permille smallint NOT NULL CHECK (late_permille BETWEEN 0 AND 1000),
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, order_id) REFERENCES orders (organization_id, id)
);
CREATE INDEX order_promises_of_order ON order_promises (organization_id, order_id, id);
SELECT protect_append_only('order_promises');
