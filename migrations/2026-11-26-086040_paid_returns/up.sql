-- Why: a specification that changed after the work was done is paid anew (Freelance Act art. 5), whether a client or a reviewer says so; review's lines lie where clients' do.

SET LOCAL lock_timeout = '2s';

-- The verdict that decided it; a client's answer did otherwise.
ALTER TABLE fix_decisions ADD COLUMN review_id bigint;
ALTER TABLE fix_decisions ALTER COLUMN delivery_id DROP NOT NULL;
ALTER TABLE fix_decisions ADD CONSTRAINT fix_decisions_of_one CHECK (num_nonnulls(delivery_id, review_id) = 1);
ALTER TABLE fix_decisions ADD CONSTRAINT fix_decisions_of_changes CHECK
    (review_id IS NULL OR (fault = 'specification' AND mender = 'same_worker' AND extra_pay > 0));
ALTER TABLE fix_decisions ADD CONSTRAINT fix_decisions_of_reviews
    FOREIGN KEY (organization_id, review_id) REFERENCES reviews (organization_id, id);
CREATE UNIQUE INDEX fix_decisions_once_a_review ON fix_decisions (organization_id, review_id);
