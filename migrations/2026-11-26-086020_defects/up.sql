-- Why: a verdict had one reason and one comment about a whole version; now each remark names its place and, where it is a defect, its kind and how grave it is.

SET LOCAL lock_timeout = '2s';

-- The town's kinds of defect.
CREATE TABLE defect_kinds (
    organization_id bigint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    severity text NOT NULL CHECK (severity IN ('minor', 'major', 'critical')),
    -- Nobody chooses it any more; what was found under it stays.
    retired_at timestamptz,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (organization_id, id),
    CONSTRAINT defect_kinds_named_once UNIQUE (organization_id, name)
);
SELECT protect('defect_kinds');
SELECT audited('defect_kinds', 'name', 'severity', 'retired_at');

-- What a reviewer wrote about a place of a version, in their order.
CREATE TABLE review_remarks (
    organization_id bigint NOT NULL,
    review_id bigint NOT NULL,
    position smallint NOT NULL CHECK (position BETWEEN 1 AND 20),
    -- Its kind and how grave that was then; none where it is no defect.
    defect_kind_id bigint,
    severity text CHECK (severity IN ('minor', 'major', 'critical')),
    -- The file it is about; none where it is about the text.
    file_id bigint,
    -- The line of the text or the file; none where it is about all of it.
    line integer CHECK (line BETWEEN 1 AND 1000000),
    text text NOT NULL CHECK (length(text) BETWEEN 1 AND 2000),
    PRIMARY KEY (organization_id, review_id, position),
    FOREIGN KEY (organization_id, review_id) REFERENCES reviews (organization_id, id),
    FOREIGN KEY (organization_id, defect_kind_id) REFERENCES defect_kinds (organization_id, id),
    FOREIGN KEY (organization_id, file_id) REFERENCES files (organization_id, id),
    CONSTRAINT review_remarks_graded CHECK ((defect_kind_id IS NULL) = (severity IS NULL))
);
CREATE INDEX review_remarks_of_kind ON review_remarks (organization_id, defect_kind_id);
CREATE INDEX review_remarks_of_file ON review_remarks (organization_id, file_id);
SELECT protect_append_only('review_remarks');
