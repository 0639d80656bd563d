-- Decisions are kept for ever; the words from before say the nearest to them.
UPDATE offer_decisions SET outcome = 'resting' WHERE outcome = 'off_today';
UPDATE offer_decisions SET outcome = 'not_for_them' WHERE outcome = 'not_their_way';
ALTER TABLE offer_decisions DROP CONSTRAINT offer_decisions_outcome_check;
ALTER TABLE offer_decisions ADD CONSTRAINT offer_decisions_outcome_check
    CHECK (outcome IN ('asked', 'not_reached', 'told', 'not_started', 'resting', 'no_wish', 'no_skill', 'skill_expired',
        'skill_below', 'no_time', 'declined', 'passed', 'has_portion', 'not_for_them'));
ALTER TABLE jobs DROP COLUMN asks_long_slots, DROP COLUMN asks_video, DROP COLUMN asks_phone;
DROP TABLE work_conditions;
DROP TABLE day_windows;
DROP TABLE offered_days;
DROP TABLE week_windows;
