-- Why: nobody could say what was expected last Monday and what has happened to it since; what somebody thought of the reckoned number was written over it.

SET LOCAL lock_timeout = '2s';

-- What somebody thinks a forecast will be more or less than reckoned, of their own number or as its manager. Each line stays, the newest of a side counts.
CREATE TABLE forecast_adjustments (
    organization_id bigint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    first_on date NOT NULL,
    last_on date NOT NULL,
    -- Whose forecast.
    person_id bigint NOT NULL,
    side text NOT NULL CHECK (side IN ('owner', 'manager')),
    amount bigint NOT NULL CHECK (amount BETWEEN -1000000000000 AND 1000000000000),
    reason text NOT NULL CHECK (char_length(reason) BETWEEN 1 AND 1000),
    set_by bigint NOT NULL,
    set_at timestamptz NOT NULL,
    PRIMARY KEY (organization_id, id),
    CONSTRAINT forecast_adjustments_span CHECK (first_on < last_on),
    CONSTRAINT forecast_adjustments_side CHECK ((side = 'owner') = (person_id = set_by)),
    FOREIGN KEY (organization_id, person_id) REFERENCES persons (organization_id, id),
    FOREIGN KEY (organization_id, set_by) REFERENCES persons (organization_id, id)
);
CREATE INDEX forecast_adjustments_of_period ON forecast_adjustments (organization_id, first_on, last_on, person_id, side, id);
CREATE INDEX forecast_adjustments_person ON forecast_adjustments (organization_id, person_id);
CREATE INDEX forecast_adjustments_set_by ON forecast_adjustments (organization_id, set_by);
SELECT protect_append_only('forecast_adjustments');

-- The deals as they stood once in a week, kept for ever.
CREATE TABLE forecast_snapshots (
    organization_id bigint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    -- The week's Monday.
    week_on date NOT NULL CHECK (extract(isodow FROM week_on) = 1),
    taken_at timestamptz NOT NULL,
    -- How many weeks before it have no snapshot, because nothing ran in them.
    missed_weeks integer NOT NULL CHECK (missed_weeks >= 0),
    -- Of won deals those are frozen that were won on this day or later: the first of its fiscal year.
    won_since date NOT NULL,
    PRIMARY KEY (organization_id, id),
    UNIQUE (organization_id, week_on)
);
SELECT protect_append_only('forecast_snapshots');

CREATE TABLE forecast_snapshot_deals (
    organization_id bigint NOT NULL,
    snapshot_id bigint NOT NULL,
    -- No key: an import that is taken back takes its deals away, whatever was frozen of them.
    deal_id bigint NOT NULL,
    owner_id bigint NOT NULL,
    stage_id bigint NOT NULL,
    state text NOT NULL CHECK (state IN ('open', 'won')),
    amount bigint NOT NULL,
    probability smallint NOT NULL CHECK (probability BETWEEN 0 AND 100),
    expected_close_on date,
    -- The day in Japan on which it was won.
    won_on date,
    PRIMARY KEY (organization_id, snapshot_id, deal_id),
    CONSTRAINT forecast_snapshot_deals_won CHECK ((state = 'won') = (won_on IS NOT NULL)),
    FOREIGN KEY (organization_id, snapshot_id) REFERENCES forecast_snapshots (organization_id, id),
    FOREIGN KEY (organization_id, owner_id) REFERENCES persons (organization_id, id),
    FOREIGN KEY (organization_id, stage_id) REFERENCES stages (organization_id, id)
);
CREATE INDEX forecast_snapshot_deals_owner ON forecast_snapshot_deals (organization_id, owner_id);
CREATE INDEX forecast_snapshot_deals_stage ON forecast_snapshot_deals (organization_id, stage_id);
SELECT protect_append_only('forecast_snapshot_deals');
