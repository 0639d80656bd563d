-- Why: a session whose day had passed and that nobody marked as held had no clock, so that its report was forgotten.

SET LOCAL lock_timeout = '2s';

ALTER TABLE advice_alerts DROP CONSTRAINT advice_alerts_clock_check;
ALTER TABLE advice_alerts ADD CONSTRAINT advice_alerts_clock_check
    CHECK (clock IN ('unmarked', 'report', 'late', 'questionnaire'));
