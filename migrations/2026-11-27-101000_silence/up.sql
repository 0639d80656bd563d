-- Why: a client whose terms say that silence after the day of inspection accepts was asked for ever; nobody else's silence accepts anything.

SET LOCAL lock_timeout = '2s';

ALTER TABLE client_terms ADD COLUMN silence_accepts boolean NOT NULL DEFAULT false;
ALTER TABLE client_terms ADD CONSTRAINT client_terms_silence_after_a_day
    CHECK (NOT silence_accepts OR inspection_days IS NOT NULL);

-- What the client's terms said when it was sent; terms that are agreed later say nothing of it.
ALTER TABLE deliveries ADD COLUMN silence_accepts boolean NOT NULL DEFAULT false;
ALTER TABLE deliveries DROP CONSTRAINT deliveries_check1;
ALTER TABLE deliveries ADD CONSTRAINT deliveries_name_with_answer
    CHECK (answered_name IS NULL OR state = 'answered');
-- An answer without a name is silence: only where it was agreed, and after the whole day of inspection in Japan.
ALTER TABLE deliveries ADD CONSTRAINT deliveries_silence_as_agreed
    CHECK (state <> 'answered' OR answered_name IS NOT NULL
        OR (silence_accepts AND (answered_at AT TIME ZONE 'Asia/Tokyo')::date > inspect_until));

ALTER TABLE delivery_accesses DROP CONSTRAINT delivery_accesses_kind_check;
ALTER TABLE delivery_accesses ADD CONSTRAINT delivery_accesses_kind_check
    CHECK (kind IN ('opened', 'downloaded', 'code_sent', 'answered', 'withdrawn', 'reminded', 'silence'));
