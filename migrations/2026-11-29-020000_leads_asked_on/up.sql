-- Why: a lead knew only the day it was entered: a list brought in, or a call of the day before yesterday, lost the day on which they
-- asked, and the time to the answer ran from the entering.

SET LOCAL lock_timeout = '2s';

-- The day on which they first turned to us; NULL: the day it was entered.
ALTER TABLE leads ADD COLUMN asked_on date;
