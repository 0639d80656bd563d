-- Why: a look at an import beforehand said which rows would change something, and not what: somebody else's name was written over
-- unseen.

SET LOCAL lock_timeout = '2s';

-- What a row would change of what is there: fields with what stands there and what would.
ALTER TABLE import_rows ADD COLUMN changes jsonb;
