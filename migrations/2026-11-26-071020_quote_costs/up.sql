-- Why: a quote knew its minutes and its price and not whether the one pays for the other; nobody saw that a job was sold below what it costs.

SET LOCAL lock_timeout = '2s';

-- What a town reckons costs from: assumptions with a source and a day. Written once; what is assumed anew is the next version.
CREATE TABLE cost_rates (
    organization_id bigint NOT NULL,
    version integer NOT NULL CHECK (version > 0),
    hourly_yen bigint NOT NULL CHECK (hourly_yen BETWEEN 1 AND 100000),
    check_percent smallint NOT NULL CHECK (check_percent BETWEEN 0 AND 100),
    redo_percent smallint NOT NULL CHECK (redo_percent BETWEEN 0 AND 100),
    fixed_yen bigint NOT NULL CHECK (fixed_yen BETWEEN 0 AND 10000000),
    margin_percent smallint NOT NULL CHECK (margin_percent BETWEEN 0 AND 90),
    source text NOT NULL CHECK (length(source) BETWEEN 1 AND 500),
    as_of date NOT NULL,
    recorded_at timestamptz NOT NULL,
    recorded_by text NOT NULL,
    PRIMARY KEY (organization_id, version)
);
SELECT protect_append_only('cost_rates');
SELECT audited('cost_rates', 'version', 'hourly_yen', 'check_percent', 'redo_percent', 'fixed_yen', 'margin_percent', 'as_of');

-- What a quote was reckoned to cost when it was issued. Beside the quote, not in it: a client reads the one and never the other.
CREATE TABLE quote_costs (
    organization_id bigint NOT NULL,
    quote_id bigint NOT NULL,
    rates_version integer NOT NULL,
    minutes bigint NOT NULL CHECK (minutes > 0),
    cost bigint NOT NULL CHECK (cost >= 0),
    floor_price bigint NOT NULL CHECK (floor_price >= cost),
    reason text NOT NULL DEFAULT '' CHECK (length(reason) <= 500),
    PRIMARY KEY (organization_id, quote_id),
    FOREIGN KEY (organization_id, quote_id) REFERENCES quotes (organization_id, id),
    FOREIGN KEY (organization_id, rates_version) REFERENCES cost_rates (organization_id, version)
);
CREATE INDEX quote_costs_rates ON quote_costs (organization_id, rates_version);
SELECT protect_append_only('quote_costs');
SELECT audited('quote_costs', 'quote_id', 'rates_version', 'cost', 'floor_price');
