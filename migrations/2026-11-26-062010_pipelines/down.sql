DROP TABLE board_choices;
DROP TABLE stage_steps;
DROP INDEX stages_position;
DROP INDEX stages_name;
CREATE UNIQUE INDEX stages_position ON stages (organization_id, position);
CREATE UNIQUE INDEX stages_name ON stages (organization_id, name);
ALTER TABLE stages DROP COLUMN steps_named, DROP COLUMN pipeline_id;
DROP TABLE pipelines;
