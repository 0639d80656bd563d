-- Why: work that came back could only go down the line; now coordination may put it before somebody by name, and that is a round like others.

SET LOCAL lock_timeout = '2s';

ALTER TABLE offer_rounds DROP CONSTRAINT offer_rounds_kind_check;
ALTER TABLE offer_rounds ADD CONSTRAINT offer_rounds_kind_check CHECK (kind IN ('round', 'pool', 'named'));
-- How somebody's work was checked lately, for whoever looks for substitutes.
CREATE INDEX reviews_by_time ON reviews (organization_id, reviewed_at) INCLUDE (submission_id, verdict);
