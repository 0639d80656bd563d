DROP INDEX stages_name;
DROP INDEX stages_position;
CREATE UNIQUE INDEX stages_position ON stages (organization_id, pipeline_id, position);
CREATE UNIQUE INDEX stages_name ON stages (organization_id, pipeline_id, name);
ALTER TABLE stages DROP COLUMN removed_at;
