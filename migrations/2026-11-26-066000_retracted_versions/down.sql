DROP TRIGGER reviews_not_of_retracted ON reviews;
DROP FUNCTION forbid_review_of_retracted();
DROP TABLE submission_retractions;
