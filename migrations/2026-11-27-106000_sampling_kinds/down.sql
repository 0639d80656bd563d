-- Where somebody has been looked at in several kinds of work without a skill, they cannot become one again: the constraint says so.
DROP INDEX sampling_streams_of_kind;
ALTER TABLE sampling_streams
    DROP CONSTRAINT sampling_streams_once,
    DROP COLUMN kind,
    DROP COLUMN title,
    ADD CONSTRAINT sampling_streams_once UNIQUE NULLS NOT DISTINCT (organization_id, person_id, skill_id);
CREATE INDEX sampling_streams_of_skill ON sampling_streams (organization_id, skill_id, person_id);
