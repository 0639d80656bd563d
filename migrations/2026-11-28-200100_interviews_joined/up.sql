-- Why: an interview online had a day and no way in; the link was told by telephone.

SET LOCAL lock_timeout = '2s';

-- Where to join: an address, or words such as a meeting's number. Its values stay out of the trail.
ALTER TABLE interviews ADD COLUMN join_at text NOT NULL DEFAULT '' CHECK (length(join_at) <= 400);
