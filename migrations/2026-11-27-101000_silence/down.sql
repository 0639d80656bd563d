SET LOCAL lock_timeout = '2s';

-- Its log is never rewritten; what it says that this version does not know goes.
ALTER TABLE delivery_accesses DISABLE TRIGGER USER;
DELETE FROM delivery_accesses WHERE kind = 'silence';
ALTER TABLE delivery_accesses ENABLE TRIGGER USER;
ALTER TABLE delivery_accesses DROP CONSTRAINT delivery_accesses_kind_check;
ALTER TABLE delivery_accesses ADD CONSTRAINT delivery_accesses_kind_check
    CHECK (kind IN ('opened', 'downloaded', 'code_sent', 'answered', 'withdrawn', 'reminded'));

ALTER TABLE deliveries DROP CONSTRAINT deliveries_silence_as_agreed;
ALTER TABLE deliveries DROP CONSTRAINT deliveries_name_with_answer;
UPDATE deliveries SET answered_name = '-' WHERE state = 'answered' AND answered_name IS NULL;
ALTER TABLE deliveries ADD CONSTRAINT deliveries_check1 CHECK ((state = 'answered') = (answered_name IS NOT NULL));
ALTER TABLE deliveries DROP COLUMN silence_accepts;

ALTER TABLE client_terms DROP CONSTRAINT client_terms_silence_after_a_day;
ALTER TABLE client_terms DROP COLUMN silence_accepts;
