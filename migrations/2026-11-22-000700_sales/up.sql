-- Why: from the first contact to the won order.

SET LOCAL lock_timeout = '2s';

-- Stages are the town's data; the kind decides what a stage does, never its name.
CREATE TABLE stages (
    organization_id bigint NOT NULL REFERENCES organizations (id),
    id bigint GENERATED ALWAYS AS IDENTITY,
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 60),
    position smallint NOT NULL,
    kind text NOT NULL CHECK (kind IN ('open', 'won', 'lost')),
    probability smallint NOT NULL CHECK (probability BETWEEN 0 AND 100),
    idle_days smallint NOT NULL DEFAULT 14 CHECK (idle_days > 0),
    requires text[] NOT NULL DEFAULT '{}' CHECK (requires <@ ARRAY['amount', 'contact', 'expected_close', 'quote']),
    created_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (organization_id, id),
    CHECK (CASE kind WHEN 'won' THEN probability = 100 WHEN 'lost' THEN probability = 0 ELSE true END)
);
CREATE UNIQUE INDEX stages_position ON stages (organization_id, position);
CREATE UNIQUE INDEX stages_name ON stages (organization_id, name);
SELECT protect('stages');
SELECT audited('stages', 'name', 'position', 'kind', 'probability');

CREATE TABLE leads (
    organization_id bigint NOT NULL REFERENCES organizations (id),
    id bigint GENERATED ALWAYS AS IDENTITY,
    company_name text NOT NULL CHECK (length(company_name) BETWEEN 1 AND 200),
    contact_name text NOT NULL DEFAULT '' CHECK (length(contact_name) <= 100),
    email text CHECK (length(email) <= 254),
    phone text NOT NULL DEFAULT '' CHECK (length(phone) <= 40),
    source text NOT NULL CHECK (source IN ('web', 'phone', 'mail', 'introduction', 'visit', 'event', 'register', 'other')),
    need text NOT NULL DEFAULT '' CHECK (length(need) <= 4000),
    state text NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'contacted', 'converted', 'disqualified')),
    disqualified_reason text CHECK (disqualified_reason IN ('no_need', 'no_budget', 'out_of_scope', 'unreachable', 'duplicate', 'other')),
    owner_id bigint,
    company_id bigint,
    deal_id bigint,
    created_at timestamptz NOT NULL DEFAULT now(),
    contacted_at timestamptz,
    closed_at timestamptz,
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, owner_id) REFERENCES persons (organization_id, id),
    FOREIGN KEY (organization_id, company_id) REFERENCES companies (organization_id, id),
    CHECK (CASE state WHEN 'new' THEN contacted_at IS NULL WHEN 'contacted' THEN contacted_at IS NOT NULL ELSE true END),
    CHECK ((state = 'converted') = (deal_id IS NOT NULL)),
    CHECK (state <> 'converted' OR company_id IS NOT NULL),
    CHECK ((state = 'disqualified') = (disqualified_reason IS NOT NULL)),
    CHECK ((state IN ('converted', 'disqualified')) = (closed_at IS NOT NULL))
);
CREATE INDEX leads_by_state ON leads (organization_id, state, created_at, id);
CREATE INDEX leads_owner ON leads (organization_id, owner_id);
CREATE INDEX leads_company ON leads (organization_id, company_id);
SELECT protect('leads');
SELECT audited('leads', 'state', 'source', 'disqualified_reason', 'owner_id', 'company_id', 'deal_id');

CREATE TABLE deals (
    organization_id bigint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    title text NOT NULL CHECK (length(title) BETWEEN 1 AND 200),
    company_id bigint NOT NULL,
    contact_id bigint,
    stage_id bigint NOT NULL,
    state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'won', 'lost', 'dormant')),
    owner_id bigint NOT NULL,
    amount bigint NOT NULL DEFAULT 0 CHECK (amount BETWEEN 0 AND 1000000000000),
    expected_close_on date,
    next_action text CHECK (length(next_action) BETWEEN 1 AND 200),
    next_action_on date,
    moved_at timestamptz NOT NULL,
    won_at timestamptz,
    lost_at timestamptz,
    lost_reason text CHECK (lost_reason IN ('price', 'capacity', 'timing', 'competitor', 'no_decision', 'quality', 'other')),
    lost_note text NOT NULL DEFAULT '' CHECK (length(lost_note) <= 1000),
    slept_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, company_id) REFERENCES companies (organization_id, id),
    FOREIGN KEY (organization_id, contact_id) REFERENCES contacts (organization_id, id),
    FOREIGN KEY (organization_id, stage_id) REFERENCES stages (organization_id, id),
    FOREIGN KEY (organization_id, owner_id) REFERENCES persons (organization_id, id),
    -- An open deal has a next action; a deal that is not open has none.
    CONSTRAINT deals_next_action CHECK ((state = 'open') = (next_action IS NOT NULL)),
    CHECK ((next_action IS NULL) = (next_action_on IS NULL)),
    CHECK ((state = 'won') = (won_at IS NOT NULL)),
    CHECK ((state = 'lost') = (lost_at IS NOT NULL)),
    CHECK ((state = 'lost') = (lost_reason IS NOT NULL)),
    CHECK ((state = 'dormant') = (slept_at IS NOT NULL)),
    CHECK (lost_note = '' OR state = 'lost'),
    CHECK (lost_reason <> 'other' OR lost_note <> ''),
    -- Winning and losing are moves, so the board's one order serves its closing columns too.
    CHECK (moved_at = COALESCE(won_at, lost_at, moved_at))
);
CREATE INDEX deals_board ON deals (organization_id, stage_id, state, moved_at DESC, id DESC) INCLUDE (amount);
CREATE INDEX deals_due ON deals (organization_id, owner_id, next_action_on, id) WHERE state = 'open';
CREATE INDEX deals_won ON deals (organization_id, won_at) INCLUDE (amount) WHERE state = 'won';
CREATE INDEX deals_by_state ON deals (organization_id, state, id);
CREATE INDEX deals_company ON deals (organization_id, company_id, id);
CREATE INDEX deals_contact ON deals (organization_id, contact_id);
CREATE INDEX deals_owner ON deals (organization_id, owner_id, id);
SELECT protect('deals');
SELECT audited('deals', 'state', 'stage_id', 'amount', 'owner_id', 'lost_reason', 'next_action_on', 'expected_close_on');

ALTER TABLE leads ADD FOREIGN KEY (organization_id, deal_id) REFERENCES deals (organization_id, id);
CREATE INDEX leads_deal ON leads (organization_id, deal_id);

CREATE TABLE deal_events (
    organization_id bigint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    deal_id bigint NOT NULL,
    kind text NOT NULL CHECK (kind IN ('opened', 'moved', 'revalued', 'won', 'lost', 'slept', 'reopened')),
    from_stage_id bigint,
    to_stage_id bigint NOT NULL,
    amount bigint NOT NULL,
    actor text NOT NULL,
    happened_at timestamptz NOT NULL,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, deal_id) REFERENCES deals (organization_id, id),
    FOREIGN KEY (organization_id, from_stage_id) REFERENCES stages (organization_id, id),
    FOREIGN KEY (organization_id, to_stage_id) REFERENCES stages (organization_id, id)
);
CREATE INDEX deal_events_of_deal ON deal_events (organization_id, deal_id, id);
CREATE INDEX deal_events_from ON deal_events (organization_id, from_stage_id);
CREATE INDEX deal_events_to ON deal_events (organization_id, to_stage_id);
SELECT protect_append_only('deal_events');

CREATE TABLE activities (
    organization_id bigint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    deal_id bigint NOT NULL,
    kind text NOT NULL CHECK (kind IN ('call', 'mail', 'visit', 'meeting', 'note', 'task')),
    outcome text NOT NULL CHECK (outcome IN ('done', 'no_answer', 'interested', 'refused', 'waiting')),
    note text NOT NULL DEFAULT '' CHECK (length(note) <= 4000),
    person_id bigint NOT NULL,
    happened_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, deal_id) REFERENCES deals (organization_id, id),
    FOREIGN KEY (organization_id, person_id) REFERENCES persons (organization_id, id)
);
CREATE INDEX activities_of_deal ON activities (organization_id, deal_id, happened_at DESC, id DESC);
CREATE INDEX activities_person ON activities (organization_id, person_id, happened_at);
SELECT protect('activities');
SELECT audited('activities', 'deal_id', 'kind', 'outcome', 'person_id');

CREATE TABLE quotes (
    organization_id bigint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    deal_id bigint NOT NULL,
    number integer NOT NULL CHECK (number > 0),
    state text NOT NULL DEFAULT 'issued' CHECK (state IN ('issued', 'superseded', 'accepted')),
    valid_until date NOT NULL,
    deliver_on date NOT NULL,
    terms text NOT NULL DEFAULT '' CHECK (length(terms) <= 4000),
    subtotal bigint NOT NULL CHECK (subtotal >= 0),
    tax bigint NOT NULL CHECK (tax >= 0),
    total bigint NOT NULL CHECK (total = subtotal + tax),
    person_id bigint NOT NULL,
    issued_at timestamptz NOT NULL,
    accepted_at timestamptz,
    superseded_at timestamptz,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, deal_id) REFERENCES deals (organization_id, id),
    FOREIGN KEY (organization_id, person_id) REFERENCES persons (organization_id, id),
    CHECK (state <> 'accepted' OR accepted_at IS NOT NULL),
    CHECK (state <> 'issued' OR accepted_at IS NULL),
    CHECK ((state = 'superseded') = (superseded_at IS NOT NULL))
);
CREATE UNIQUE INDEX quotes_number ON quotes (organization_id, deal_id, number);
CREATE UNIQUE INDEX quotes_one_standing ON quotes (organization_id, deal_id) WHERE state <> 'superseded';
CREATE INDEX quotes_person ON quotes (organization_id, person_id);
SELECT protect('quotes');
SELECT audited('quotes', 'deal_id', 'number', 'state', 'total', 'valid_until', 'deliver_on');

CREATE TABLE quote_lines (
    organization_id bigint NOT NULL,
    quote_id bigint NOT NULL,
    position smallint NOT NULL CHECK (position > 0),
    description text NOT NULL CHECK (length(description) BETWEEN 1 AND 200),
    quantity integer NOT NULL CHECK (quantity BETWEEN 1 AND 1000000),
    unit_price bigint NOT NULL CHECK (unit_price BETWEEN 0 AND 1000000000),
    unit_minutes integer NOT NULL CHECK (unit_minutes BETWEEN 1 AND 6000),
    tax_rate smallint NOT NULL CHECK (tax_rate IN (0, 8, 10)),
    PRIMARY KEY (organization_id, quote_id, position),
    FOREIGN KEY (organization_id, quote_id) REFERENCES quotes (organization_id, id)
);
SELECT protect_append_only('quote_lines');
