-- Why: ending work that has gone on for half a year is told thirty days before, with its reason on request (Freelance Act art. 16).

SET LOCAL lock_timeout = '2s';

-- The town's word that a worker's work ends, or is not gone on with. What was told never changes.
CREATE TABLE ending_notices (
    organization_id bigint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    worker_id bigint NOT NULL,
    -- Since when the work had gone on without a month's break; none where there was none.
    since date,
    noticed_on date NOT NULL,
    ends_on date NOT NULL,
    -- Why it may end sooner than thirty days after the notice.
    exception text CHECK (exception IN ('disaster', 'client_ended', 'short_order', 'worker_fault')),
    -- Told at once or when the worker asks.
    reason text NOT NULL CHECK (length(reason) BETWEEN 1 AND 4000),
    tells_reason boolean NOT NULL,
    noticed_by bigint NOT NULL,
    noticed_at timestamptz NOT NULL,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, worker_id) REFERENCES workers (organization_id, id),
    FOREIGN KEY (organization_id, noticed_by) REFERENCES persons (organization_id, id),
    CONSTRAINT ending_notices_not_before CHECK (ends_on >= noticed_on),
    -- Six months are over on the day before the same day six months on; the notice is given thirty days before the end.
    CONSTRAINT ending_notices_in_time CHECK (exception IS NOT NULL OR since IS NULL
        OR ends_on < (since + interval '6 months' - interval '1 day')::date OR ends_on >= noticed_on + 30)
);
CREATE INDEX ending_notices_of_worker ON ending_notices (organization_id, worker_id, id);
CREATE INDEX ending_notices_by ON ending_notices (organization_id, noticed_by);
SELECT protect_append_only('ending_notices');

-- That the worker asked for the reason before the end: it was told with the asking.
CREATE TABLE ending_questions (
    organization_id bigint NOT NULL,
    notice_id bigint NOT NULL,
    asked_at timestamptz NOT NULL,
    PRIMARY KEY (organization_id, notice_id),
    FOREIGN KEY (organization_id, notice_id) REFERENCES ending_notices (organization_id, id)
);
SELECT protect_append_only('ending_questions');
