-- Why: a stage that a town no longer works with is taken away, its deals go to another, and their history still names it.

SET LOCAL lock_timeout = '2s';

ALTER TABLE stages ADD COLUMN removed_at timestamptz;
DROP INDEX stages_position;
DROP INDEX stages_name;
CREATE UNIQUE INDEX stages_position ON stages (organization_id, pipeline_id, position) WHERE removed_at IS NULL;
CREATE UNIQUE INDEX stages_name ON stages (organization_id, pipeline_id, name) WHERE removed_at IS NULL;
