-- Why: every job was whoever's was quickest; now one is offered in rounds, to each a portion for a time, so that work evens out.

SET LOCAL lock_timeout = '2s';

-- How a job finds its people. What is there keeps to first come, and so does what a process from before writes.
ALTER TABLE jobs ADD COLUMN offer_rule text NOT NULL DEFAULT 'first_come' CHECK (offer_rule IN ('fair', 'first_come'));
-- How often the line of a fair job has begun anew; back at none when its offers are taken back.
ALTER TABLE jobs ADD COLUMN offer_wave smallint NOT NULL DEFAULT 0 CHECK (offer_wave >= 0);
-- Since when anybody whom a fair job fits may take what waits of it.
ALTER TABLE jobs ADD COLUMN pool_opened_at timestamptz;
-- When coordination was told that nobody takes it.
ALTER TABLE jobs ADD COLUMN pool_alerted_at timestamptz;
ALTER TABLE jobs ADD CONSTRAINT jobs_pools_are_of_fair_jobs
    CHECK (offer_rule = 'fair' OR (offer_wave = 0 AND pool_opened_at IS NULL));
ALTER TABLE jobs ADD CONSTRAINT jobs_alerted_about_a_pool CHECK (pool_alerted_at IS NULL OR pool_opened_at IS NOT NULL);
CREATE INDEX jobs_fair ON jobs (organization_id, id) WHERE state = 'offered' AND offer_rule = 'fair';
CREATE INDEX jobs_unclaimed ON jobs (organization_id, work_due_on, id)
    WHERE state = 'offered' AND pool_alerted_at IS NOT NULL;

DROP TRIGGER audit_insert ON jobs;
DROP TRIGGER audit_update ON jobs;
DROP TRIGGER audit_delete ON jobs;
SELECT audited('jobs', 'order_id', 'state', 'unit_minutes', 'unit_pay', 'skill_id', 'work_due_on', 'pay_day', 'offer_rule');

-- Not answering in time is no answer: neither a decline nor a mark.
ALTER TABLE offers DROP CONSTRAINT offers_state_check;
ALTER TABLE offers ADD CONSTRAINT offers_state_check CHECK (state IN ('open', 'declined', 'passed', 'withdrawn'));

-- One look at everybody for what waits of a job: how it was shared out, with the seed its lots were drawn from.
CREATE TABLE offer_rounds (
    organization_id bigint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    job_id bigint NOT NULL,
    number integer NOT NULL CHECK (number > 0),
    -- A round gives portions; a pool is open to everybody whom the job fits.
    kind text NOT NULL CHECK (kind IN ('round', 'pool')),
    seed bigint NOT NULL,
    waiting_units integer NOT NULL CHECK (waiting_units > 0),
    candidates integer NOT NULL CHECK (candidates >= 0),
    began_at timestamptz NOT NULL,
    -- A pool stays open.
    answer_by timestamptz CHECK ((answer_by IS NULL) = (kind = 'pool')),
    PRIMARY KEY (organization_id, id),
    CONSTRAINT offer_rounds_in_order UNIQUE (organization_id, job_id, number),
    CONSTRAINT offer_rounds_of_their_job UNIQUE (organization_id, job_id, id),
    FOREIGN KEY (organization_id, job_id) REFERENCES jobs (organization_id, id)
);
SELECT protect_append_only('offer_rounds');

-- What a round decided about everybody it looked at. Its places are the line, then those who were not in it.
CREATE TABLE offer_decisions (
    organization_id bigint NOT NULL,
    round_id bigint NOT NULL,
    place integer NOT NULL CHECK (place > 0),
    worker_id bigint NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('asked', 'not_reached', 'told', 'not_started', 'resting', 'no_wish', 'no_skill',
        'skill_expired', 'no_time', 'declined', 'passed', 'has_portion', 'not_for_them')),
    units integer NOT NULL CHECK (units >= 0 AND (units > 0) = (outcome = 'asked')),
    -- What they had had of their wish, in thousandths; none where they wish for nothing.
    level_per_mille integer CHECK (level_per_mille >= 0),
    granted_minutes integer NOT NULL CHECK (granted_minutes >= 0),
    wished_minutes integer NOT NULL CHECK (wished_minutes >= 0),
    decided_at timestamptz NOT NULL,
    PRIMARY KEY (organization_id, round_id, place),
    CONSTRAINT offer_decisions_one_each UNIQUE (organization_id, round_id, worker_id),
    FOREIGN KEY (organization_id, round_id) REFERENCES offer_rounds (organization_id, id),
    FOREIGN KEY (organization_id, worker_id) REFERENCES workers (organization_id, id)
);
CREATE INDEX offer_decisions_of_worker ON offer_decisions (organization_id, worker_id, round_id);
SELECT protect_append_only('offer_decisions');

-- What somebody was offered in a round. Nobody takes more than their portion, and all open ones together are no more
-- than what waits.
CREATE TABLE offer_portions (
    organization_id bigint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    round_id bigint NOT NULL,
    job_id bigint NOT NULL,
    worker_id bigint NOT NULL,
    units integer NOT NULL,
    claimed integer NOT NULL DEFAULT 0,
    state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'claimed', 'declined', 'passed', 'withdrawn')),
    answer_by timestamptz NOT NULL,
    ended_at timestamptz,
    PRIMARY KEY (organization_id, id),
    CONSTRAINT offer_portions_one_each UNIQUE (organization_id, round_id, worker_id),
    CONSTRAINT offer_portions_not_beyond CHECK (claimed BETWEEN 0 AND units),
    CONSTRAINT offer_portions_open_while_left CHECK (state <> 'open' OR claimed < units),
    CONSTRAINT offer_portions_end_once CHECK ((state = 'open') = (ended_at IS NULL)),
    FOREIGN KEY (organization_id, job_id, round_id) REFERENCES offer_rounds (organization_id, job_id, id),
    FOREIGN KEY (organization_id, worker_id) REFERENCES workers (organization_id, id)
);
CREATE UNIQUE INDEX offer_portions_one_open ON offer_portions (organization_id, job_id, worker_id) WHERE state = 'open';
CREATE INDEX offer_portions_open_of_worker ON offer_portions (organization_id, worker_id) WHERE state = 'open';
CREATE INDEX offer_portions_lapsing ON offer_portions (organization_id, answer_by) WHERE state = 'open';
CREATE INDEX offer_portions_of_round ON offer_portions (organization_id, job_id, round_id);
CREATE INDEX offer_portions_of_worker ON offer_portions (organization_id, worker_id, id);
SELECT protect('offer_portions');
SELECT audited('offer_portions', 'job_id', 'worker_id', 'units', 'claimed', 'state');

-- What everybody was given within some weeks.
CREATE INDEX assignments_claimed ON assignments (organization_id, claimed_at) INCLUDE (worker_id, unit_id, end_kind);
