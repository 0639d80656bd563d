DROP TRIGGER delivery_units_of_their_order ON delivery_units;
DROP FUNCTION forbid_foreign_delivery();

DROP INDEX delivery_units_submission;
CREATE INDEX delivery_units_submission ON delivery_units (organization_id, submission_id);
ALTER TABLE delivery_units DROP CONSTRAINT delivery_units_submission_of_their_unit;
ALTER TABLE delivery_units ADD FOREIGN KEY (organization_id, submission_id) REFERENCES submissions (organization_id, id);

DROP INDEX reviews_submission;
ALTER TABLE reviews DROP CONSTRAINT reviews_submission_of_their_unit;
ALTER TABLE reviews ADD FOREIGN KEY (organization_id, submission_id) REFERENCES submissions (organization_id, id);
ALTER TABLE submissions DROP CONSTRAINT submissions_of_their_unit;

DROP INDEX submissions_assignment;
CREATE INDEX submissions_assignment ON submissions (organization_id, assignment_id);
ALTER TABLE submissions DROP CONSTRAINT submissions_made_by_the_holder;
ALTER TABLE submissions ADD FOREIGN KEY (organization_id, assignment_id) REFERENCES assignments (organization_id, id);
ALTER TABLE assignments DROP CONSTRAINT assignments_of_their_unit;

DROP INDEX assignments_terms;
CREATE INDEX assignments_terms ON assignments (organization_id, terms_notice_id);
ALTER TABLE assignments DROP CONSTRAINT assignments_terms_of_their_worker;
ALTER TABLE assignments ADD FOREIGN KEY (organization_id, terms_notice_id) REFERENCES terms_notices (organization_id, id);
ALTER TABLE terms_notices DROP CONSTRAINT terms_notices_of_their_worker;

DROP INDEX units_of_job_and_order;
ALTER TABLE units DROP CONSTRAINT units_job_of_their_order;
ALTER TABLE units ADD FOREIGN KEY (organization_id, job_id) REFERENCES jobs (organization_id, id);
ALTER TABLE jobs DROP CONSTRAINT jobs_of_their_order;
