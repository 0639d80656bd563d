-- Why: nobody could say why somebody counts as able, a job could not ask for more than a beginner, and skills ran out unseen.

SET LOCAL lock_timeout = '2s';

-- What shows that they can do it: somebody's word, a paper, a training, a trial batch.
ALTER TABLE worker_skills ADD COLUMN evidence text NOT NULL DEFAULT 'note'
    CHECK (evidence IN ('note', 'file', 'training', 'trial'));
ALTER TABLE worker_skills ADD COLUMN evidence_note text NOT NULL DEFAULT '' CHECK (char_length(evidence_note) <= 500);
ALTER TABLE worker_skills ADD COLUMN file_id bigint;
-- Who looked at it, and when; nobody for what was granted before.
ALTER TABLE worker_skills ADD COLUMN confirmed_by bigint;
ALTER TABLE worker_skills ADD COLUMN confirmed_on date;
-- The last day they were warned of.
ALTER TABLE worker_skills ADD COLUMN warned_for date;
ALTER TABLE worker_skills ADD FOREIGN KEY (organization_id, file_id) REFERENCES files (organization_id, id);
ALTER TABLE worker_skills ADD FOREIGN KEY (organization_id, confirmed_by) REFERENCES persons (organization_id, id);
ALTER TABLE worker_skills ADD CONSTRAINT worker_skills_files_are_evidence
    CHECK ((evidence = 'file') = (file_id IS NOT NULL));
CREATE INDEX worker_skills_file ON worker_skills (organization_id, file_id) WHERE file_id IS NOT NULL;
CREATE INDEX worker_skills_confirmed_by ON worker_skills (organization_id, confirmed_by);
CREATE INDEX worker_skills_expiring ON worker_skills (organization_id, expires_on, worker_id, skill_id)
    WHERE expires_on IS NOT NULL;

-- From which level on somebody may do the work; without a skill it says nothing.
ALTER TABLE jobs ADD COLUMN skill_level smallint NOT NULL DEFAULT 1 CHECK (skill_level BETWEEN 1 AND 3);

ALTER TABLE offer_decisions DROP CONSTRAINT offer_decisions_outcome_check;
ALTER TABLE offer_decisions ADD CONSTRAINT offer_decisions_outcome_check
    CHECK (outcome IN ('asked', 'not_reached', 'told', 'not_started', 'resting', 'no_wish', 'no_skill', 'skill_expired',
        'skill_below', 'no_time', 'declined', 'passed', 'has_portion', 'not_for_them'));
