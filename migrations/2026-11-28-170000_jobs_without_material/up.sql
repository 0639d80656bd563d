-- Why: the same again of an order whose units were rows or files gave empty units, and they could be offered to people.

SET LOCAL lock_timeout = '2s';

-- Its units are to be worked from something that has not been given to them; such a job is not offered.
ALTER TABLE jobs ADD COLUMN lacks_material boolean NOT NULL DEFAULT false;
