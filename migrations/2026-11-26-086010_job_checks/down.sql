-- Why: back to reviews without a checklist.
DROP TABLE review_answers;
DROP TABLE job_check_items;
DROP TABLE job_checks;
