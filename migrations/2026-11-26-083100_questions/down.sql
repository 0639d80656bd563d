-- Why: back to questions by mail.
ALTER TABLE work_rules DROP COLUMN question_id;
DROP TABLE job_answers;
DROP TABLE job_questions;
ALTER TABLE organizations DROP COLUMN question_hours;
