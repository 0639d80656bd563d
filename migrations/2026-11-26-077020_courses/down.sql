DROP TABLE trials;
DROP TABLE enrolments;
DROP TABLE course_days;
DROP TABLE courses;
