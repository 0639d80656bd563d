-- Why: two reviewers read the same version at once, because nothing said who had it; now whoever takes one has it for a while, and the town says how long.

SET LOCAL lock_timeout = '2s';

-- What a town says about its quality; the usual values where it has said nothing.
CREATE TABLE quality_settings (
    organization_id bigint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    -- For how many minutes a version is a reviewer's who took it.
    lease_minutes smallint NOT NULL CHECK (lease_minutes BETWEEN 5 AND 240),
    -- How often a unit goes back to one maker through their own fault before they are coached instead.
    rework_cap smallint NOT NULL CHECK (rework_cap BETWEEN 1 AND 9),
    -- Within how many business days a refusal is appealed, and an appeal decided.
    appeal_days smallint NOT NULL CHECK (appeal_days BETWEEN 1 AND 20),
    PRIMARY KEY (organization_id, id),
    CONSTRAINT quality_settings_once UNIQUE (organization_id)
);
SELECT protect('quality_settings');
SELECT audited('quality_settings', 'lease_minutes', 'rework_cap', 'appeal_days');

-- Who looks at the newest version of a unit, and until when it is theirs. The row goes with the verdict.
CREATE TABLE review_leases (
    organization_id bigint NOT NULL,
    unit_id bigint NOT NULL,
    submission_id bigint NOT NULL,
    checker_id bigint NOT NULL,
    taken_at timestamptz NOT NULL,
    until timestamptz NOT NULL CHECK (until > taken_at),
    PRIMARY KEY (organization_id, unit_id),
    FOREIGN KEY (organization_id, unit_id, submission_id) REFERENCES submissions (organization_id, unit_id, id),
    FOREIGN KEY (organization_id, checker_id) REFERENCES persons (organization_id, id)
);
CREATE INDEX review_leases_of_submission ON review_leases (organization_id, unit_id, submission_id);
CREATE INDEX review_leases_of_checker ON review_leases (organization_id, checker_id);
SELECT protect('review_leases');
-- Four eyes begin with taking it.
CREATE TRIGGER review_leases_four_eyes BEFORE INSERT OR UPDATE ON review_leases
    FOR EACH ROW EXECUTE FUNCTION forbid_own_review();
CREATE TRIGGER review_leases_not_of_own_part BEFORE INSERT OR UPDATE ON review_leases
    FOR EACH ROW EXECUTE FUNCTION forbid_review_of_own_part();
