-- Why: everything was looked at for ever, whoever made it; now a job may say that whoever proves themselves is looked at by lot, drawn with a seed that was committed to before anything is handed in.

SET LOCAL lock_timeout = '2s';

-- How much of a job's work review looks at, from version 1; the newest counts. Everything, where there is none.
CREATE TABLE job_samplings (
    organization_id bigint NOT NULL,
    job_id bigint NOT NULL,
    number integer NOT NULL CHECK (number >= 1),
    -- All: everything, always. Flow: everything until `clean` units in a row were good, then one in `one_in` (CSP-1).
    rule text NOT NULL CHECK (rule IN ('all', 'flow')),
    clean smallint CHECK (clean BETWEEN 3 AND 100),
    one_in smallint CHECK (one_in BETWEEN 2 AND 20),
    changed_by bigint NOT NULL,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (organization_id, job_id, number),
    CONSTRAINT job_samplings_whole_plan CHECK ((rule = 'flow') = (clean IS NOT NULL) AND (rule = 'flow') = (one_in IS NOT NULL)),
    FOREIGN KEY (organization_id, job_id) REFERENCES jobs (organization_id, id),
    FOREIGN KEY (organization_id, changed_by) REFERENCES persons (organization_id, id)
);
CREATE INDEX job_samplings_changed_by ON job_samplings (organization_id, changed_by);
SELECT protect_append_only('job_samplings');

-- Units where a defect would do harm: they are always looked at.
CREATE TABLE critical_units (
    organization_id bigint NOT NULL,
    unit_id bigint NOT NULL,
    marked_by bigint NOT NULL,
    marked_at timestamptz NOT NULL,
    PRIMARY KEY (organization_id, unit_id),
    FOREIGN KEY (organization_id, unit_id) REFERENCES units (organization_id, id),
    FOREIGN KEY (organization_id, marked_by) REFERENCES persons (organization_id, id)
);
CREATE INDEX critical_units_marked_by ON critical_units (organization_id, marked_by);
SELECT protect('critical_units');
SELECT audited('critical_units', 'unit_id', 'marked_by');

-- How one person is looked at in one kind of work: the skill it asks for, or none.
CREATE TABLE sampling_streams (
    organization_id bigint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    person_id bigint NOT NULL,
    skill_id bigint,
    phase text NOT NULL DEFAULT 'all' CHECK (phase IN ('all', 'some')),
    -- Good units in a row that were looked at.
    run integer NOT NULL DEFAULT 0 CHECK (run >= 0),
    PRIMARY KEY (organization_id, id),
    CONSTRAINT sampling_streams_once UNIQUE NULLS NOT DISTINCT (organization_id, person_id, skill_id),
    FOREIGN KEY (organization_id, person_id) REFERENCES persons (organization_id, id),
    FOREIGN KEY (organization_id, skill_id) REFERENCES skills (organization_id, id)
);
CREATE INDEX sampling_streams_of_skill ON sampling_streams (organization_id, skill_id, person_id);
SELECT protect('sampling_streams');
REVOKE UPDATE, DELETE ON sampling_streams FROM yui_app;
GRANT UPDATE (phase, run) ON sampling_streams TO yui_app;

-- What units are drawn with. Its SHA-256 lies open from the beginning; the seed itself once nothing is drawn with it any more.
CREATE TABLE sampling_seeds (
    organization_id bigint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    stream_id bigint NOT NULL,
    seed bytea NOT NULL CHECK (length(seed) = 32),
    commitment bytea NOT NULL CHECK (commitment = sha256(seed)),
    committed_at timestamptz NOT NULL,
    revealed_at timestamptz CHECK (revealed_at >= committed_at),
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, stream_id) REFERENCES sampling_streams (organization_id, id)
);
CREATE INDEX sampling_seeds_of_stream ON sampling_seeds (organization_id, stream_id, id);
CREATE UNIQUE INDEX sampling_seeds_one_hidden ON sampling_seeds (organization_id, stream_id) WHERE revealed_at IS NULL;
SELECT protect('sampling_seeds');
REVOKE UPDATE, DELETE ON sampling_seeds FROM yui_app;
GRANT UPDATE (revealed_at) ON sampling_seeds TO yui_app;

-- Whether a version was drawn to be looked at, with which seed, and as the how manieth.
CREATE TABLE sampling_draws (
    organization_id bigint NOT NULL,
    submission_id bigint NOT NULL,
    unit_id bigint NOT NULL,
    seed_id bigint NOT NULL,
    number integer NOT NULL CHECK (number >= 1),
    one_in smallint NOT NULL CHECK (one_in BETWEEN 2 AND 20),
    is_looked_at boolean NOT NULL,
    drawn_at timestamptz NOT NULL,
    PRIMARY KEY (organization_id, submission_id),
    CONSTRAINT sampling_draws_in_order UNIQUE (organization_id, seed_id, number),
    FOREIGN KEY (organization_id, unit_id, submission_id) REFERENCES submissions (organization_id, unit_id, id),
    FOREIGN KEY (organization_id, seed_id) REFERENCES sampling_seeds (organization_id, id)
);
CREATE INDEX sampling_draws_of_unit ON sampling_draws (organization_id, unit_id, submission_id);
SELECT protect_append_only('sampling_draws');

-- Committed to before it was handed in: nothing is drawn with a seed that was made later, or that is open by now.
CREATE FUNCTION forbid_late_seed() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM sampling_seeds d
        JOIN submissions s ON s.organization_id = d.organization_id AND s.id = NEW.submission_id
        WHERE d.organization_id = NEW.organization_id AND d.id = NEW.seed_id AND d.revealed_at IS NULL
            AND d.committed_at <= s.submitted_at) THEN
        RAISE EXCEPTION 'seed % was not committed to before version %', NEW.seed_id, NEW.submission_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'sampling_draws_committed_before';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER sampling_draws_committed_before BEFORE INSERT ON sampling_draws
    FOR EACH ROW EXECUTE FUNCTION forbid_late_seed();

-- Why somebody is looked at more, or less. Never changed.
CREATE TABLE sampling_switches (
    organization_id bigint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    stream_id bigint NOT NULL,
    phase text NOT NULL CHECK (phase IN ('all', 'some')),
    reason text NOT NULL CHECK (reason IN ('clean_run', 'defect', 'client_defect', 'appeal')),
    -- The unit that led to it.
    unit_id bigint NOT NULL,
    happened_at timestamptz NOT NULL,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, stream_id) REFERENCES sampling_streams (organization_id, id),
    FOREIGN KEY (organization_id, unit_id) REFERENCES units (organization_id, id)
);
CREATE INDEX sampling_switches_of_stream ON sampling_switches (organization_id, stream_id, id);
CREATE INDEX sampling_switches_of_unit ON sampling_switches (organization_id, unit_id);
SELECT protect_append_only('sampling_switches');

-- Nothing passes unseen without its draw, and nothing critical does.
CREATE FUNCTION forbid_undrawn_pass() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM critical_units c WHERE c.organization_id = NEW.organization_id AND c.unit_id = NEW.id)
        OR NOT EXISTS (SELECT 1 FROM sampling_draws d WHERE d.organization_id = NEW.organization_id
            AND d.unit_id = NEW.id AND NOT d.is_looked_at AND d.submission_id = (SELECT s.id FROM submissions s
                WHERE s.organization_id = NEW.organization_id AND s.unit_id = NEW.id ORDER BY s.number DESC LIMIT 1)) THEN
        RAISE EXCEPTION 'unit % was not drawn to pass unseen', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'units_pass_unseen_by_lot';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER units_pass_unseen_by_lot BEFORE UPDATE OF passed_basis ON units FOR EACH ROW
    WHEN (NEW.passed_basis = 'sampled_out' AND OLD.passed_basis IS DISTINCT FROM 'sampled_out')
    EXECUTE FUNCTION forbid_undrawn_pass();
