-- Why: a town sells in more than one way (a first order, a yearly contract), each with stages of its own; and which stage may follow which is the town's rule, not the program's.

SET LOCAL lock_timeout = '2s';

CREATE TABLE pipelines (
    organization_id bigint NOT NULL REFERENCES organizations (id),
    id bigint GENERATED ALWAYS AS IDENTITY,
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 60),
    position smallint NOT NULL,
    created_at timestamptz NOT NULL,
    archived_at timestamptz,
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (organization_id, id)
);
CREATE UNIQUE INDEX pipelines_name ON pipelines (organization_id, name);
CREATE INDEX pipelines_order ON pipelines (organization_id, position, id);
-- A town that sells already goes on in the one it has.
INSERT INTO pipelines (organization_id, name, position, created_at)
    SELECT organization_id, '営業', 1, min(created_at) FROM stages GROUP BY organization_id;
SELECT protect('pipelines');
SELECT audited('pipelines', 'name', 'position', 'archived_at');

ALTER TABLE stages ADD COLUMN pipeline_id bigint;
ALTER TABLE stages DISABLE TRIGGER USER;
UPDATE stages SET pipeline_id = pipelines.id FROM pipelines WHERE pipelines.organization_id = stages.organization_id;
ALTER TABLE stages ENABLE TRIGGER USER;
ALTER TABLE stages ALTER COLUMN pipeline_id SET NOT NULL;
ALTER TABLE stages ADD FOREIGN KEY (organization_id, pipeline_id) REFERENCES pipelines (organization_id, id);
-- Whether only the stages named in stage_steps may follow; otherwise every open stage of the pipeline may, in either direction.
ALTER TABLE stages ADD COLUMN steps_named boolean NOT NULL DEFAULT false;
DROP INDEX stages_position;
DROP INDEX stages_name;
CREATE UNIQUE INDEX stages_position ON stages (organization_id, pipeline_id, position);
CREATE UNIQUE INDEX stages_name ON stages (organization_id, pipeline_id, name);

-- Which open stages may follow which.
CREATE TABLE stage_steps (
    organization_id bigint NOT NULL,
    stage_id bigint NOT NULL,
    next_id bigint NOT NULL CHECK (next_id <> stage_id),
    PRIMARY KEY (organization_id, stage_id, next_id),
    FOREIGN KEY (organization_id, stage_id) REFERENCES stages (organization_id, id),
    FOREIGN KEY (organization_id, next_id) REFERENCES stages (organization_id, id)
);
CREATE INDEX stage_steps_next ON stage_steps (organization_id, next_id);
SELECT protect('stage_steps');
SELECT audited('stage_steps', 'stage_id', 'next_id');

-- The pipeline whose board a person looked at last.
CREATE TABLE board_choices (
    organization_id bigint NOT NULL,
    person_id bigint NOT NULL,
    pipeline_id bigint NOT NULL,
    PRIMARY KEY (organization_id, person_id),
    FOREIGN KEY (organization_id, person_id) REFERENCES persons (organization_id, id),
    FOREIGN KEY (organization_id, pipeline_id) REFERENCES pipelines (organization_id, id)
);
CREATE INDEX board_choices_pipeline ON board_choices (organization_id, pipeline_id);
SELECT protect('board_choices');
