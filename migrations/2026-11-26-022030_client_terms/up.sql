-- Why: when a client pays, how long they inspect and what stands on their order sheet is agreed once and looked up often, and what was agreed before must stay readable.

SET LOCAL lock_timeout = '2s';

CREATE TABLE client_terms (
    organization_id bigint NOT NULL,
    company_id bigint NOT NULL,
    version integer NOT NULL CHECK (version > 0),
    closing_day smallint CHECK (closing_day BETWEEN 1 AND 31),
    months_later smallint CHECK (months_later BETWEEN 0 AND 3),
    pay_day smallint CHECK (pay_day BETWEEN 1 AND 31),
    inspection_days smallint CHECK (inspection_days BETWEEN 0 AND 90),
    remarks text NOT NULL CHECK (length(remarks) <= 2000),
    recorded_at timestamptz NOT NULL,
    recorded_by text NOT NULL,
    PRIMARY KEY (organization_id, company_id, version),
    FOREIGN KEY (organization_id, company_id) REFERENCES companies (organization_id, id),
    CHECK (num_nonnulls(closing_day, months_later, pay_day) IN (0, 3)),
    CHECK (months_later > 0 OR pay_day >= closing_day)
);
SELECT protect_append_only('client_terms');
SELECT audited('client_terms', 'company_id', 'version');
