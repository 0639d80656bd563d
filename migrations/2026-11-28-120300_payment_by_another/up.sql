-- Why: with a whole day of payments a coordinator who works as well confirmed the payment of her own statement.

SET LOCAL lock_timeout = '2s';

-- What was noted before stays as it was.
ALTER TABLE statements ADD CONSTRAINT statements_paid_by_another CHECK (paid_by IS DISTINCT FROM person_id) NOT VALID;
