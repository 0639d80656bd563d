-- Two persons may hold the same key by now. Keys live for a day, so forgetting them costs a repeated request at most.
DELETE FROM idempotency_keys;
ALTER TABLE idempotency_keys
    DROP CONSTRAINT idempotency_keys_pkey,
    ADD CONSTRAINT idempotency_keys_pkey PRIMARY KEY (organization_id, key);
ALTER TABLE idempotency_keys DROP COLUMN person_id;
