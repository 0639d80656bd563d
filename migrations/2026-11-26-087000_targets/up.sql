-- Why: what the team wanted to reach stood in somebody's workbook; nobody could say what was agreed, when it was changed and why, nor whether its parts add up.

SET LOCAL lock_timeout = '2s';

-- Municipalities begin in April by law; other bodies that run a programme begin when they like.
ALTER TABLE organizations ADD COLUMN fiscal_start_month smallint NOT NULL DEFAULT 4 CHECK (fiscal_start_month BETWEEN 1 AND 12);

-- One version of a fiscal year's targets (目標の版). Closed, it stays as it was agreed.
CREATE TABLE target_plans (
    organization_id bigint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    fiscal_year integer NOT NULL CHECK (fiscal_year BETWEEN 1900 AND 2999),
    number integer NOT NULL CHECK (number > 0),
    -- The first day of the year its periods are parts of; it stays what it was when the version was opened.
    starts_on date NOT NULL,
    reason text NOT NULL CHECK (char_length(reason) BETWEEN 1 AND 1000),
    person_id bigint NOT NULL,
    created_at timestamptz NOT NULL,
    closed_at timestamptz,
    closed_by bigint,
    PRIMARY KEY (organization_id, id),
    UNIQUE (organization_id, fiscal_year, number),
    CONSTRAINT target_plans_closed_whole CHECK ((closed_at IS NULL) = (closed_by IS NULL)),
    FOREIGN KEY (organization_id, person_id) REFERENCES persons (organization_id, id),
    FOREIGN KEY (organization_id, closed_by) REFERENCES persons (organization_id, id)
);
-- A year has one version at a time that people work on.
CREATE UNIQUE INDEX target_plans_one_open ON target_plans (organization_id, fiscal_year) WHERE closed_at IS NULL;
CREATE INDEX target_plans_person ON target_plans (organization_id, person_id);
CREATE INDEX target_plans_closed_by ON target_plans (organization_id, closed_by);
SELECT protect('target_plans');
SELECT audited('target_plans', 'fiscal_year', 'number', 'closed_at', 'closed_by');

CREATE TABLE targets (
    organization_id bigint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    plan_id bigint NOT NULL,
    metric text NOT NULL CHECK (metric IN ('orders_yen', 'new_clients', 'calls', 'visits', 'own_share', 'active_workers', 'paid_to_residents')),
    scope text NOT NULL CHECK (scope IN ('town', 'team', 'person', 'client_class')),
    person_id bigint,
    -- The tag that makes the class, and its name when the target was set: the tag may be renamed, merged or gone later.
    tag_id bigint,
    tag_name text,
    period text NOT NULL CHECK (period ~ '^(year|h[12]|q[1-4]|m([1-9]|1[0-2]))$'),
    amount bigint NOT NULL CHECK (amount BETWEEN 0 AND 1000000000000),
    -- A person's target above the team's was meant so.
    is_above_meant boolean NOT NULL DEFAULT false,
    reason text NOT NULL CHECK (char_length(reason) BETWEEN 1 AND 1000),
    set_by bigint NOT NULL,
    set_at timestamptz NOT NULL,
    PRIMARY KEY (organization_id, id),
    CONSTRAINT targets_one UNIQUE NULLS NOT DISTINCT (organization_id, plan_id, metric, scope, person_id, tag_id, period),
    CONSTRAINT targets_of_a_person CHECK ((scope = 'person') = (person_id IS NOT NULL)),
    CONSTRAINT targets_of_a_class CHECK ((scope = 'client_class') = (tag_id IS NOT NULL) AND (tag_id IS NULL) = (tag_name IS NULL)),
    CONSTRAINT targets_of_the_town CHECK (scope = 'town' OR metric NOT IN ('own_share', 'active_workers', 'paid_to_residents')),
    CONSTRAINT targets_percent CHECK (metric <> 'own_share' OR amount <= 100),
    FOREIGN KEY (organization_id, plan_id) REFERENCES target_plans (organization_id, id),
    FOREIGN KEY (organization_id, person_id) REFERENCES persons (organization_id, id),
    FOREIGN KEY (organization_id, set_by) REFERENCES persons (organization_id, id)
);
CREATE INDEX targets_person ON targets (organization_id, person_id);
CREATE INDEX targets_set_by ON targets (organization_id, set_by);
SELECT protect('targets');
SELECT audited('targets', 'plan_id', 'metric', 'scope', 'person_id', 'tag_id', 'period', 'amount');
