-- Why: trainings stood on paper lists that could be overbooked, and whoever completed one had to be granted the skill by hand.

SET LOCAL lock_timeout = '2s';

CREATE TABLE courses (
    organization_id bigint NOT NULL REFERENCES organizations (id),
    id bigint GENERATED ALWAYS AS IDENTITY,
    title text NOT NULL CHECK (char_length(title) BETWEEN 1 AND 200),
    about text NOT NULL DEFAULT '' CHECK (char_length(about) <= 2000),
    -- What whoever completes it can do then, at which level and for how many months; no skill: it leads to none.
    skill_id bigint,
    level smallint NOT NULL DEFAULT 1 CHECK (level BETWEEN 1 AND 3),
    valid_months smallint CHECK (valid_months BETWEEN 1 AND 120),
    seats integer NOT NULL CHECK (seats BETWEEN 1 AND 500),
    -- How many of them are taken; moved with every enrolment, so that two at once never take one seat.
    taken integer NOT NULL DEFAULT 0,
    way text NOT NULL CHECK (way IN ('hall', 'online')),
    place text NOT NULL DEFAULT '' CHECK (char_length(place) <= 200),
    -- Whether the time is paid.
    is_paid boolean NOT NULL,
    state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'called_off')),
    -- From the beginning of its first day to the end of its last.
    first_at timestamptz NOT NULL,
    last_at timestamptz NOT NULL CHECK (last_at > first_at),
    reminded_at timestamptz,
    created_at timestamptz NOT NULL,
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (organization_id, id),
    CONSTRAINT courses_not_overbooked CHECK (taken BETWEEN 0 AND seats),
    FOREIGN KEY (organization_id, skill_id) REFERENCES skills (organization_id, id)
);
CREATE INDEX courses_by_day ON courses (organization_id, first_at, id);
CREATE INDEX courses_of_skill ON courses (organization_id, skill_id) WHERE skill_id IS NOT NULL;
SELECT protect('courses');
SELECT audited('courses', 'skill_id', 'level', 'seats', 'taken', 'way', 'is_paid', 'state', 'first_at', 'last_at');

CREATE TABLE course_days (
    organization_id bigint NOT NULL,
    course_id bigint NOT NULL,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL CHECK (ends_at > starts_at),
    PRIMARY KEY (organization_id, course_id, starts_at),
    FOREIGN KEY (organization_id, course_id) REFERENCES courses (organization_id, id)
);
SELECT protect('course_days');
SELECT audited('course_days', 'course_id', 'starts_at', 'ends_at');

CREATE TABLE enrolments (
    organization_id bigint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    course_id bigint NOT NULL,
    worker_id bigint NOT NULL,
    state text NOT NULL DEFAULT 'enrolled' CHECK (state IN ('enrolled', 'left', 'attended', 'absent', 'completed')),
    enrolled_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (organization_id, id),
    CONSTRAINT enrolments_one_each UNIQUE (organization_id, course_id, worker_id),
    FOREIGN KEY (organization_id, course_id) REFERENCES courses (organization_id, id),
    FOREIGN KEY (organization_id, worker_id) REFERENCES workers (organization_id, id)
);
CREATE INDEX enrolments_of_course ON enrolments (organization_id, course_id, id);
CREATE INDEX enrolments_of_worker ON enrolments (organization_id, worker_id, id);
SELECT protect('enrolments');
SELECT audited('enrolments', 'course_id', 'worker_id', 'state');

-- A small set of work that shows whether somebody can do something yet: what came of it, and what to do better. About
-- the work alone.
CREATE TABLE trials (
    organization_id bigint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    worker_id bigint NOT NULL,
    skill_id bigint NOT NULL,
    level smallint NOT NULL CHECK (level BETWEEN 1 AND 3),
    units integer NOT NULL CHECK (units BETWEEN 1 AND 1000),
    good integer NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('passed', 'not_yet')),
    findings text NOT NULL DEFAULT '' CHECK (char_length(findings) <= 1000),
    assessed_by bigint,
    assessed_at timestamptz NOT NULL,
    PRIMARY KEY (organization_id, id),
    CONSTRAINT trials_no_more_than_all CHECK (good BETWEEN 0 AND units),
    FOREIGN KEY (organization_id, worker_id) REFERENCES workers (organization_id, id),
    FOREIGN KEY (organization_id, skill_id) REFERENCES skills (organization_id, id),
    FOREIGN KEY (organization_id, assessed_by) REFERENCES persons (organization_id, id)
);
CREATE INDEX trials_of_worker ON trials (organization_id, worker_id, id);
CREATE INDEX trials_of_skill ON trials (organization_id, skill_id);
CREATE INDEX trials_assessed_by ON trials (organization_id, assessed_by);
SELECT protect_append_only('trials');
