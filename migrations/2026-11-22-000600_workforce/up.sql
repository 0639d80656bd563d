-- Why: resident workers, what they can do and the hours they offer. The reason why someone cannot commute is
-- stored nowhere.

SET LOCAL lock_timeout = '2s';

CREATE TABLE skills (
    organization_id bigint NOT NULL REFERENCES organizations (id),
    id bigint GENERATED ALWAYS AS IDENTITY,
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, id)
);
CREATE UNIQUE INDEX skills_name ON skills (organization_id, name);
SELECT protect('skills');
SELECT audited('skills', 'name');

CREATE TABLE workers (
    organization_id bigint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    person_id bigint NOT NULL,
    state text NOT NULL CHECK (state IN ('applicant', 'registered', 'training', 'active', 'paused', 'withdrawn')),
    registered_on date,
    withdrawn_on date,
    withdrawal_reason text CHECK (withdrawal_reason IN ('employment', 'moved', 'other')),
    weekly_minutes integer NOT NULL DEFAULT 600 CHECK (weekly_minutes BETWEEN 0 AND 2400),
    created_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, person_id) REFERENCES persons (organization_id, id),
    CHECK ((state = 'applicant') = (registered_on IS NULL)),
    CHECK ((state = 'withdrawn') = (withdrawn_on IS NOT NULL)),
    CHECK ((state = 'withdrawn') = (withdrawal_reason IS NOT NULL))
);
CREATE UNIQUE INDEX workers_person ON workers (organization_id, person_id);
CREATE INDEX workers_by_state ON workers (organization_id, state, id);
SELECT protect('workers');
SELECT audited('workers', 'person_id', 'state', 'registered_on', 'withdrawn_on', 'withdrawal_reason');

-- Registrations, returns and withdrawals as they happened; counts are made from these.
CREATE TABLE worker_events (
    organization_id bigint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    worker_id bigint NOT NULL,
    kind text NOT NULL CHECK (kind IN ('applied', 'registered', 'training', 'activated', 'paused', 'withdrawn', 'returned')),
    reason text CHECK (reason IN ('employment', 'moved', 'other')),
    happened_on date NOT NULL,
    actor text NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, worker_id) REFERENCES workers (organization_id, id),
    CHECK ((kind = 'withdrawn') = (reason IS NOT NULL))
);
CREATE INDEX worker_events_of_worker ON worker_events (organization_id, worker_id, id);
CREATE INDEX worker_events_by_day ON worker_events (organization_id, kind, happened_on);
SELECT protect_append_only('worker_events');

CREATE TABLE worker_skills (
    organization_id bigint NOT NULL,
    worker_id bigint NOT NULL,
    skill_id bigint NOT NULL,
    level smallint NOT NULL DEFAULT 1 CHECK (level BETWEEN 1 AND 3),
    expires_on date,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, worker_id, skill_id),
    FOREIGN KEY (organization_id, worker_id) REFERENCES workers (organization_id, id),
    FOREIGN KEY (organization_id, skill_id) REFERENCES skills (organization_id, id)
);
CREATE INDEX worker_skills_by_skill ON worker_skills (organization_id, skill_id, worker_id);
SELECT protect('worker_skills');
SELECT audited('worker_skills', 'worker_id', 'skill_id', 'level', 'expires_on');
