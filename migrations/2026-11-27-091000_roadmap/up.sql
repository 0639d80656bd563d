-- Why: the roadmap was a picture in a presentation: nobody could say what it waited for, what had slipped and how often, nor whether a milestone in it will be reached by what is being sold.

SET LOCAL lock_timeout = '2s';

-- A milestone (マイルストーン) of a fiscal year's roadmap. One with a metric is read from what was sold and is being sold.
CREATE TABLE milestones (
    organization_id bigint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    fiscal_year integer NOT NULL CHECK (fiscal_year BETWEEN 1900 AND 2999),
    title text NOT NULL CHECK (char_length(title) BETWEEN 1 AND 200),
    note text NOT NULL CHECK (char_length(note) <= 2000),
    owner_id bigint NOT NULL,
    -- The day it was planned for at first, and the one it is planned for now.
    planned_on date NOT NULL,
    due_on date NOT NULL,
    metric text CHECK (metric IN ('orders_yen', 'new_clients', 'calls', 'visits')),
    amount bigint CHECK (amount BETWEEN 1 AND 1000000000000),
    state text NOT NULL DEFAULT 'planned' CHECK (state IN ('planned', 'done', 'dropped')),
    done_on date,
    created_by bigint NOT NULL,
    created_at timestamptz NOT NULL,
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (organization_id, id),
    CONSTRAINT milestones_bound CHECK ((metric IS NULL) = (amount IS NULL)),
    CONSTRAINT milestones_done CHECK ((state = 'done') = (done_on IS NOT NULL)),
    FOREIGN KEY (organization_id, owner_id) REFERENCES persons (organization_id, id),
    FOREIGN KEY (organization_id, created_by) REFERENCES persons (organization_id, id)
);
CREATE INDEX milestones_of_year ON milestones (organization_id, fiscal_year, due_on, id);
CREATE INDEX milestones_planned ON milestones (organization_id, due_on, id) WHERE state = 'planned';
CREATE INDEX milestones_owner ON milestones (organization_id, owner_id);
CREATE INDEX milestones_created_by ON milestones (organization_id, created_by);
SELECT protect('milestones');
SELECT audited('milestones', 'fiscal_year', 'owner_id', 'due_on', 'metric', 'amount', 'state', 'done_on');

-- What a milestone waits for.
CREATE TABLE milestone_needs (
    organization_id bigint NOT NULL,
    milestone_id bigint NOT NULL,
    needs_id bigint NOT NULL,
    PRIMARY KEY (organization_id, milestone_id, needs_id),
    CONSTRAINT milestone_needs_another CHECK (milestone_id <> needs_id),
    FOREIGN KEY (organization_id, milestone_id) REFERENCES milestones (organization_id, id),
    FOREIGN KEY (organization_id, needs_id) REFERENCES milestones (organization_id, id)
);
CREATE INDEX milestone_needs_needed ON milestone_needs (organization_id, needs_id);
SELECT protect('milestone_needs');

-- Each time a milestone was moved to another day, and why; it stays.
CREATE TABLE milestone_moves (
    organization_id bigint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    milestone_id bigint NOT NULL,
    from_on date NOT NULL,
    to_on date NOT NULL CHECK (to_on <> from_on),
    reason text NOT NULL CHECK (char_length(reason) BETWEEN 1 AND 1000),
    person_id bigint NOT NULL,
    moved_at timestamptz NOT NULL,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, milestone_id) REFERENCES milestones (organization_id, id),
    FOREIGN KEY (organization_id, person_id) REFERENCES persons (organization_id, id)
);
CREATE INDEX milestone_moves_of ON milestone_moves (organization_id, milestone_id, id);
CREATE INDEX milestone_moves_person ON milestone_moves (organization_id, person_id);
SELECT protect_append_only('milestone_moves');

-- Whose day was told to its owner: once for each day it was planned for.
CREATE TABLE milestone_alerts (
    organization_id bigint NOT NULL,
    milestone_id bigint NOT NULL,
    due_on date NOT NULL,
    told_at timestamptz NOT NULL,
    PRIMARY KEY (organization_id, milestone_id, due_on),
    FOREIGN KEY (organization_id, milestone_id) REFERENCES milestones (organization_id, id)
);
SELECT protect_append_only('milestone_alerts');

-- Which targets were said to be at risk: once a calendar month.
CREATE TABLE target_alerts (
    organization_id bigint NOT NULL,
    target_id bigint NOT NULL,
    month_on date NOT NULL CHECK (extract(day FROM month_on) = 1),
    told_at timestamptz NOT NULL,
    PRIMARY KEY (organization_id, target_id, month_on),
    FOREIGN KEY (organization_id, target_id) REFERENCES targets (organization_id, id)
);
SELECT protect_append_only('target_alerts');
