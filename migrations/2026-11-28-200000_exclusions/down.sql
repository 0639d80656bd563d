-- Why: back to work that is kept from nobody.
SET LOCAL lock_timeout = '2s';
-- Decisions are kept for ever; the word from before says the nearest to it.
UPDATE offer_decisions SET outcome = 'not_for_them' WHERE outcome = 'not_asked';
ALTER TABLE offer_decisions DROP CONSTRAINT offer_decisions_outcome_check;
ALTER TABLE offer_decisions ADD CONSTRAINT offer_decisions_outcome_check
    CHECK (outcome IN ('asked', 'not_reached', 'told', 'not_started', 'resting', 'no_wish', 'no_skill', 'skill_expired',
        'skill_below', 'not_their_way', 'off_today', 'no_time', 'declined', 'passed', 'has_portion', 'not_for_them'));
DROP TRIGGER assignments_not_excluded ON assignments;
DROP FUNCTION forbid_excluded_claim();
DROP TABLE exclusions;
