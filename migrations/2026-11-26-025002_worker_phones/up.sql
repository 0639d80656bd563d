-- Why: whom no mail reaches has to be called, and a worker's number stood nowhere.

SET LOCAL lock_timeout = '2s';

-- As typed; empty where there is none. Who has no phone to be called on says so with their work conditions.
ALTER TABLE workers ADD COLUMN phone text NOT NULL DEFAULT '' CHECK (char_length(phone) <= 40);
