-- Why: an Idempotency-Key belongs to whoever sent it; another person of the same town may happen to use the same one.

SET LOCAL lock_timeout = '2s';

-- 0: the system, or somebody outside. The default serves the program of yesterday while the new one takes over.
ALTER TABLE idempotency_keys ADD COLUMN person_id bigint NOT NULL DEFAULT 0;
ALTER TABLE idempotency_keys
    DROP CONSTRAINT idempotency_keys_pkey,
    ADD CONSTRAINT idempotency_keys_pkey PRIMARY KEY (organization_id, person_id, key);
