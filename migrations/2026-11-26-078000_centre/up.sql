-- Why: who may sit where in the telework centre stood on a sheet of paper there; two people came for one room, and visitors stood before a full one.

SET LOCAL lock_timeout = '2s';

-- What the centre has, each for one at a time: rooms, desks, equipment.
CREATE TABLE places (
    organization_id bigint NOT NULL REFERENCES organizations (id),
    id bigint GENERATED ALWAYS AS IDENTITY,
    name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 60),
    kind text NOT NULL CHECK (kind IN ('room', 'desk', 'equipment')),
    -- In Japan.
    opens_at time NOT NULL,
    closes_at time NOT NULL,
    -- The days of the week on which it is open: Monday is 1, Tuesday 2, Wednesday 4 and so on.
    weekdays smallint NOT NULL CHECK (weekdays BETWEEN 1 AND 127),
    -- How to get there and use it: steps, doors, heights, noise.
    access_note text NOT NULL DEFAULT '' CHECK (char_length(access_note) <= 500),
    created_at timestamptz NOT NULL,
    retired_at timestamptz,
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (organization_id, id),
    CHECK (opens_at < closes_at)
);
CREATE UNIQUE INDEX places_name ON places (organization_id, name) WHERE retired_at IS NULL;
CREATE INDEX places_standing ON places (organization_id, id) WHERE retired_at IS NULL;
SELECT protect('places');
REVOKE DELETE ON places FROM yui_app;
SELECT audited('places', 'kind', 'opens_at', 'closes_at', 'weekdays', 'retired_at');

-- A group from elsewhere that wants to see the centre (視察).
CREATE TABLE visits (
    organization_id bigint NOT NULL REFERENCES organizations (id),
    id bigint GENERATED ALWAYS AS IDENTITY,
    body_name text NOT NULL CHECK (char_length(body_name) BETWEEN 1 AND 120),
    -- Who there is written to or called, and how.
    contact text NOT NULL DEFAULT '' CHECK (char_length(contact) <= 200),
    people smallint NOT NULL CHECK (people BETWEEN 1 AND 500),
    begins_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    wish text NOT NULL DEFAULT '' CHECK (char_length(wish) <= 1000),
    state text NOT NULL DEFAULT 'asked' CHECK (state IN ('asked', 'accepted', 'declined', 'cancelled')),
    guide_id bigint,
    place_id bigint,
    answer text NOT NULL DEFAULT '' CHECK (char_length(answer) <= 1000),
    person_id bigint NOT NULL,
    created_at timestamptz NOT NULL,
    answered_at timestamptz,
    cancelled_at timestamptz,
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, guide_id) REFERENCES persons (organization_id, id),
    FOREIGN KEY (organization_id, place_id) REFERENCES places (organization_id, id),
    FOREIGN KEY (organization_id, person_id) REFERENCES persons (organization_id, id),
    CHECK (begins_at < ends_at),
    CHECK ((state IN ('accepted', 'declined')) <= (answered_at IS NOT NULL)),
    CHECK ((state = 'cancelled') = (cancelled_at IS NOT NULL)),
    CHECK (state <> 'accepted' OR guide_id IS NOT NULL)
);
CREATE INDEX visits_by_day ON visits (organization_id, begins_at, id);
CREATE INDEX visits_guide ON visits (organization_id, guide_id) WHERE guide_id IS NOT NULL;
CREATE INDEX visits_place ON visits (organization_id, place_id) WHERE place_id IS NOT NULL;
CREATE INDEX visits_person ON visits (organization_id, person_id);
SELECT protect('visits');
REVOKE DELETE ON visits FROM yui_app;
SELECT audited('visits', 'people', 'begins_at', 'ends_at', 'state', 'guide_id', 'place_id', 'answered_at', 'cancelled_at');

-- What takes a place up: somebody's time there, a visit, or that it is closed.
CREATE TABLE bookings (
    organization_id bigint NOT NULL REFERENCES organizations (id),
    id bigint GENERATED ALWAYS AS IDENTITY,
    place_id bigint NOT NULL,
    kind text NOT NULL CHECK (kind IN ('person', 'visit', 'closed')),
    person_id bigint,
    visit_id bigint,
    -- Why it is closed, for everybody to read.
    note text NOT NULL DEFAULT '' CHECK (char_length(note) <= 200),
    begins_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    booked_by bigint NOT NULL,
    created_at timestamptz NOT NULL,
    cancelled_at timestamptz,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, place_id) REFERENCES places (organization_id, id),
    FOREIGN KEY (organization_id, person_id) REFERENCES persons (organization_id, id),
    FOREIGN KEY (organization_id, visit_id) REFERENCES visits (organization_id, id),
    FOREIGN KEY (organization_id, booked_by) REFERENCES persons (organization_id, id),
    CHECK (begins_at < ends_at),
    CHECK ((kind = 'person') = (person_id IS NOT NULL)),
    CHECK ((kind = 'visit') = (visit_id IS NOT NULL)),
    CHECK (kind = 'closed' OR note = ''),
    -- One at a time. Ids as ranges, because a GiST index of this server knows ranges and needs an extension for numbers.
    CONSTRAINT bookings_one_at_a_time EXCLUDE USING gist (
        int8range(organization_id, organization_id, '[]') WITH &&,
        int8range(place_id, place_id, '[]') WITH &&,
        tstzrange(begins_at, ends_at) WITH &&
    ) WHERE (cancelled_at IS NULL)
);
CREATE INDEX bookings_of_place ON bookings (organization_id, place_id, begins_at) WHERE cancelled_at IS NULL;
CREATE INDEX bookings_by_day ON bookings (organization_id, begins_at, id) WHERE cancelled_at IS NULL;
CREATE INDEX bookings_of_person ON bookings (organization_id, person_id, begins_at, id) WHERE cancelled_at IS NULL AND person_id IS NOT NULL;
CREATE INDEX bookings_place ON bookings (organization_id, place_id);
CREATE INDEX bookings_person ON bookings (organization_id, person_id) WHERE person_id IS NOT NULL;
CREATE INDEX bookings_visit ON bookings (organization_id, visit_id) WHERE visit_id IS NOT NULL;
CREATE INDEX bookings_booked_by ON bookings (organization_id, booked_by);
SELECT protect('bookings');
REVOKE DELETE ON bookings FROM yui_app;
SELECT audited('bookings', 'place_id', 'kind', 'person_id', 'visit_id', 'begins_at', 'ends_at', 'booked_by', 'cancelled_at');
