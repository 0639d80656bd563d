-- Why: a lead that is given up for "other" reasons says which, in words, as a lost deal does.

SET LOCAL lock_timeout = '2s';

ALTER TABLE leads ADD COLUMN disqualified_note text NOT NULL DEFAULT '';
ALTER TABLE leads ADD CONSTRAINT leads_note_of_disqualified CHECK (disqualified_note = '' OR state = 'disqualified');
