-- Why: a client who asks for a code leaves the page, and what they had chosen and typed must be there when they are back.

SET LOCAL lock_timeout = '2s';

-- The answer as typed when its code was asked for, as JSON; gone once the delivery is answered.
ALTER TABLE delivery_links ADD COLUMN typed_answer text CHECK (octet_length(typed_answer) <= 1048576);
