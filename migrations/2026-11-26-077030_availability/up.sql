-- Why: a cap of hours a week said nothing of the days and hours somebody offers, a day off had to be told by telephone, and
-- work was put before people who cannot do it that way. Why somebody offers what they offer has no place here.

SET LOCAL lock_timeout = '2s';

-- The standing week: hours within its days, from Monday, 1, to Sunday, 7. Nothing for anybody means any time.
CREATE TABLE week_windows (
    organization_id bigint NOT NULL,
    worker_id bigint NOT NULL,
    weekday smallint NOT NULL CHECK (weekday BETWEEN 1 AND 7),
    starts_minute smallint NOT NULL CHECK (starts_minute BETWEEN 0 AND 1439),
    ends_minute smallint NOT NULL CHECK (ends_minute BETWEEN 1 AND 1440),
    PRIMARY KEY (organization_id, worker_id, weekday, starts_minute),
    CHECK (ends_minute > starts_minute),
    FOREIGN KEY (organization_id, worker_id) REFERENCES workers (organization_id, id)
);
SELECT protect('week_windows');
SELECT audited('week_windows', 'worker_id');

-- Days that differ from it: off, or with hours of their own.
CREATE TABLE offered_days (
    organization_id bigint NOT NULL,
    worker_id bigint NOT NULL,
    day date NOT NULL,
    is_off boolean NOT NULL,
    -- Said on the day itself, which one tap undoes.
    told_today boolean NOT NULL DEFAULT false,
    PRIMARY KEY (organization_id, worker_id, day),
    FOREIGN KEY (organization_id, worker_id) REFERENCES workers (organization_id, id)
);
CREATE INDEX offered_days_off ON offered_days (organization_id, day, worker_id) WHERE is_off;
SELECT protect('offered_days');
SELECT audited('offered_days', 'worker_id');

CREATE TABLE day_windows (
    organization_id bigint NOT NULL,
    worker_id bigint NOT NULL,
    day date NOT NULL,
    starts_minute smallint NOT NULL CHECK (starts_minute BETWEEN 0 AND 1439),
    ends_minute smallint NOT NULL CHECK (ends_minute BETWEEN 1 AND 1440),
    PRIMARY KEY (organization_id, worker_id, day, starts_minute),
    CHECK (ends_minute > starts_minute),
    FOREIGN KEY (organization_id, worker_id, day) REFERENCES offered_days (organization_id, worker_id, day)
        ON DELETE CASCADE
);
SELECT protect('day_windows');
SELECT audited('day_windows', 'worker_id');

-- How somebody works, as codes alone.
CREATE TABLE work_conditions (
    organization_id bigint NOT NULL,
    worker_id bigint NOT NULL,
    condition text NOT NULL CHECK (condition IN ('no_phone', 'no_video', 'short_slots', 'deadline_slack')),
    PRIMARY KEY (organization_id, worker_id, condition),
    FOREIGN KEY (organization_id, worker_id) REFERENCES workers (organization_id, id)
);
SELECT protect('work_conditions');
SELECT audited('work_conditions', 'worker_id');

-- What a job asks of how it is done.
ALTER TABLE jobs ADD COLUMN asks_phone boolean NOT NULL DEFAULT false;
ALTER TABLE jobs ADD COLUMN asks_video boolean NOT NULL DEFAULT false;
ALTER TABLE jobs ADD COLUMN asks_long_slots boolean NOT NULL DEFAULT false;

ALTER TABLE offer_decisions DROP CONSTRAINT offer_decisions_outcome_check;
ALTER TABLE offer_decisions ADD CONSTRAINT offer_decisions_outcome_check
    CHECK (outcome IN ('asked', 'not_reached', 'told', 'not_started', 'resting', 'no_wish', 'no_skill', 'skill_expired',
        'skill_below', 'not_their_way', 'off_today', 'no_time', 'declined', 'passed', 'has_portion', 'not_for_them'));
