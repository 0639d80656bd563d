-- Why: where a worker's pay goes, and whether they issue qualified invoices, was asked for by mail and kept in a spreadsheet.

SET LOCAL lock_timeout = '2s';

-- An account at a bank, sealed: the database, its dumps and whoever reads it know that there is one and nothing of it.
CREATE TABLE bank_accounts (
    organization_id bigint NOT NULL REFERENCES organizations (id),
    id bigint GENERATED ALWAYS AS IDENTITY,
    worker_id bigint NOT NULL,
    -- Which key of the data directory opens it.
    key_id text NOT NULL CHECK (key_id ~ '^[0-9a-f]{8}$'),
    sealed bytea NOT NULL CHECK (octet_length(sealed) BETWEEN 40 AND 2000),
    changed_at timestamptz NOT NULL,
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (organization_id, id),
    UNIQUE (organization_id, worker_id),
    FOREIGN KEY (organization_id, worker_id) REFERENCES workers (organization_id, id)
);
SELECT protect('bank_accounts');
SELECT audited('bank_accounts', 'worker_id', 'key_id');

-- What a worker says of their invoice registration (適格請求書発行事業者). Written once; the latest row counts. No number: they
-- are not registered, which is an answer too.
CREATE TABLE invoice_registrations (
    organization_id bigint NOT NULL REFERENCES organizations (id),
    id bigint GENERATED ALWAYS AS IDENTITY,
    worker_id bigint NOT NULL,
    number text CHECK (number ~ '^T[0-9]{13}$'),
    valid_from date,
    valid_to date,
    recorded_by bigint NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, worker_id) REFERENCES workers (organization_id, id),
    FOREIGN KEY (organization_id, recorded_by) REFERENCES persons (organization_id, id),
    CHECK ((number IS NULL) = (valid_from IS NULL)),
    CHECK (valid_to IS NULL OR valid_from <= valid_to)
);
CREATE INDEX invoice_registrations_of_worker ON invoice_registrations (organization_id, worker_id, id);
CREATE INDEX invoice_registrations_recorded_by ON invoice_registrations (organization_id, recorded_by);
SELECT protect_append_only('invoice_registrations');
