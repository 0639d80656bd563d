DROP TABLE meeting_decisions;
DROP TABLE findings;
DROP TABLE meeting_people;
DROP TABLE meetings;
