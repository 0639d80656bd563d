-- Why: who waits to take part, for what and since when stood in somebody's head; an interview left no trace.

SET LOCAL lock_timeout = '2s';

-- Since when a worker stands where they stand: the day of their last step.
ALTER TABLE workers ADD COLUMN stands_since date;
UPDATE workers w SET stands_since = COALESCE(
    (SELECT max(e.happened_on) FROM worker_events e
     WHERE e.organization_id = w.organization_id AND e.worker_id = w.id),
    (w.created_at AT TIME ZONE 'Asia/Tokyo')::date);
ALTER TABLE workers ALTER COLUMN stands_since SET NOT NULL;
-- Whoever enters a worker without saying so did it on the day of the row, as a process from before does.
ALTER TABLE workers ALTER COLUMN stands_since SET DEFAULT (now() AT TIME ZONE 'Asia/Tokyo')::date;
CREATE INDEX workers_waiting ON workers (organization_id, stands_since, id)
    WHERE state IN ('applicant', 'registered', 'training', 'paused');

-- A talk before somebody begins: when, how, with whom and what came of it. What somebody told about themselves is no part
-- of it: there is no place for a note.
CREATE TABLE interviews (
    organization_id bigint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    worker_id bigint NOT NULL,
    starts_at timestamptz NOT NULL,
    way text NOT NULL CHECK (way IN ('office', 'online', 'phone', 'visit')),
    interviewer_id bigint NOT NULL,
    state text NOT NULL DEFAULT 'planned' CHECK (state IN ('planned', 'held', 'called_off')),
    outcome text CHECK (outcome IN ('go_on', 'later', 'not_now')),
    created_at timestamptz NOT NULL,
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, worker_id) REFERENCES workers (organization_id, id),
    FOREIGN KEY (organization_id, interviewer_id) REFERENCES persons (organization_id, id),
    CONSTRAINT interviews_end_with_an_outcome CHECK ((state = 'held') = (outcome IS NOT NULL))
);
CREATE UNIQUE INDEX interviews_one_planned ON interviews (organization_id, worker_id) WHERE state = 'planned';
CREATE INDEX interviews_of_worker ON interviews (organization_id, worker_id, id);
CREATE INDEX interviews_of_interviewer ON interviews (organization_id, interviewer_id);
SELECT protect('interviews');
SELECT audited('interviews', 'worker_id', 'starts_at', 'way', 'interviewer_id', 'state', 'outcome');
