-- Why: what is to be paid on a day was known and the accounts as well, and each transfer was typed into the bank's page by hand.

SET LOCAL lock_timeout = '2s';

-- owner: fulfillment. The account that a town pays from, as its bank knows it: a town has one, or none yet.
CREATE TABLE payers (
    organization_id bigint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    -- 振込依頼人コード (委託者コード), given by the bank.
    originator_code text NOT NULL CHECK (originator_code ~ '^[0-9]{10}$'),
    -- In half-width kana, as a file has it.
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 40),
    bank text NOT NULL CHECK (bank ~ '^[0-9]{4}$'),
    branch text NOT NULL CHECK (branch ~ '^[0-9]{3}$'),
    kind text NOT NULL CHECK (kind IN ('ordinary', 'current', 'savings')),
    number text NOT NULL CHECK (number ~ '^[0-9]{7}$'),
    changed_at timestamptz NOT NULL,
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (organization_id, id),
    CONSTRAINT payers_once UNIQUE (organization_id)
);
SELECT protect('payers');
-- No personal data: the account is the town's, and from where it pays is to be seen afterwards.
SELECT audited('payers', 'originator_code', 'bank', 'branch', 'kind', 'number');

-- owner: fulfillment. That a file of transfers was made, for which day and by whom: workers' accounts were opened for it. Neither
-- the accounts nor the file are kept; the digest says whether a file is this one.
CREATE TABLE transfer_files (
    organization_id bigint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    -- The agreed day of the payments, and the day on which the bank moves the money.
    pay_on date NOT NULL,
    transfer_on date NOT NULL,
    -- As many as the six digits of the layout hold.
    payments integer NOT NULL CHECK (payments BETWEEN 1 AND 999999),
    total bigint NOT NULL CHECK (total BETWEEN 1 AND 999999999999),
    -- How many were left out on purpose, because nobody knows where to pay them.
    without_account integer NOT NULL CHECK (without_account >= 0),
    sha256 bytea NOT NULL CHECK (octet_length(sha256) = 32),
    made_by bigint NOT NULL,
    made_at timestamptz NOT NULL,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, made_by) REFERENCES persons (organization_id, id)
);
CREATE INDEX transfer_files_of_day ON transfer_files (organization_id, pay_on, id);
CREATE INDEX transfer_files_by ON transfer_files (organization_id, made_by);
SELECT protect_append_only('transfer_files');
SELECT audited('transfer_files', 'pay_on', 'transfer_on', 'payments', 'total', 'made_by');
