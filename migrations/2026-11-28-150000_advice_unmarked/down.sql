-- That somebody was told of this clock means nothing where there is none.
DELETE FROM advice_alerts WHERE clock = 'unmarked';
ALTER TABLE advice_alerts DROP CONSTRAINT advice_alerts_clock_check;
ALTER TABLE advice_alerts ADD CONSTRAINT advice_alerts_clock_check CHECK (clock IN ('report', 'late', 'questionnaire'));
