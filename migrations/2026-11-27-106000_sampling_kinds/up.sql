-- Why: work that asks for no skill was one kind: whoever was good at one such job was looked at less in all others. Jobs of one name
-- are a kind now, whatever numbers stand in it; a job that asks for a skill stays of that skill's.
SET LOCAL lock_timeout = '2s';

ALTER TABLE sampling_streams
    ADD COLUMN kind text NOT NULL DEFAULT '' CHECK (skill_id IS NULL OR kind = ''),
    -- What the first such job was called.
    ADD COLUMN title text NOT NULL DEFAULT '' CHECK (skill_id IS NULL OR title = ''),
    DROP CONSTRAINT sampling_streams_once,
    ADD CONSTRAINT sampling_streams_once UNIQUE NULLS NOT DISTINCT (organization_id, person_id, skill_id, kind);
DROP INDEX sampling_streams_of_skill;
CREATE INDEX sampling_streams_of_kind ON sampling_streams (organization_id, skill_id, kind, person_id);

-- What everybody had behind them in work without a skill says nothing of one kind of it: all of it is looked at again, and
-- nothing is drawn with its seeds any more.
UPDATE sampling_streams SET phase = 'all', run = 0 WHERE skill_id IS NULL;
UPDATE sampling_seeds d SET revealed_at = GREATEST(d.committed_at, now()) FROM sampling_streams s
    WHERE s.organization_id = d.organization_id AND s.id = d.stream_id AND s.skill_id IS NULL AND d.revealed_at IS NULL;
