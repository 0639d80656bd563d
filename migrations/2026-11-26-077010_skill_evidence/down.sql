-- Decisions are kept for ever; the word from before says the nearest to it.
UPDATE offer_decisions SET outcome = 'no_skill' WHERE outcome = 'skill_below';
ALTER TABLE offer_decisions DROP CONSTRAINT offer_decisions_outcome_check;
ALTER TABLE offer_decisions ADD CONSTRAINT offer_decisions_outcome_check
    CHECK (outcome IN ('asked', 'not_reached', 'told', 'not_started', 'resting', 'no_wish', 'no_skill', 'skill_expired',
        'no_time', 'declined', 'passed', 'has_portion', 'not_for_them'));
ALTER TABLE jobs DROP COLUMN skill_level;
DROP INDEX worker_skills_expiring;
ALTER TABLE worker_skills DROP COLUMN warned_for, DROP COLUMN confirmed_on, DROP COLUMN confirmed_by,
    DROP COLUMN file_id, DROP COLUMN evidence_note, DROP COLUMN evidence;
