-- Why: a payment noted by mistake could not be taken back, so its worker stayed "paid" and was not.

SET LOCAL lock_timeout = '2s';

-- How many of its payments were taken back.
ALTER TABLE statements ADD COLUMN undone integer NOT NULL DEFAULT 0 CHECK (undone >= 0);
GRANT UPDATE (undone) ON statements TO yui_app;

-- A payment that was noted and did not happen, as it was noted. What was wrong is only added to.
CREATE TABLE statement_undone_payments (
    organization_id bigint NOT NULL,
    statement_id bigint NOT NULL,
    -- 1 for the first payment of the statement that was taken back.
    number integer NOT NULL CHECK (number >= 1),
    -- The version that was said to be transferred, with its yen.
    version integer NOT NULL,
    payable bigint NOT NULL CHECK (payable >= 0),
    paid_on date NOT NULL,
    paid_by bigint NOT NULL,
    paid_noted_at timestamptz NOT NULL,
    reason text NOT NULL CHECK (length(reason) BETWEEN 1 AND 2000),
    undone_by bigint NOT NULL,
    undone_at timestamptz NOT NULL,
    PRIMARY KEY (organization_id, statement_id, number),
    CONSTRAINT statement_undone_payments_later CHECK (undone_at >= paid_noted_at),
    FOREIGN KEY (organization_id, statement_id) REFERENCES statements (organization_id, id),
    FOREIGN KEY (organization_id, statement_id, version) REFERENCES statement_versions (organization_id, statement_id, number),
    FOREIGN KEY (organization_id, paid_by) REFERENCES persons (organization_id, id),
    FOREIGN KEY (organization_id, undone_by) REFERENCES persons (organization_id, id)
);
CREATE INDEX statement_undone_payments_version ON statement_undone_payments (organization_id, statement_id, version);
CREATE INDEX statement_undone_payments_paid_by ON statement_undone_payments (organization_id, paid_by);
CREATE INDEX statement_undone_payments_by ON statement_undone_payments (organization_id, undone_by);
SELECT protect_append_only('statement_undone_payments');
SELECT audited('statement_undone_payments', 'statement_id', 'number', 'version', 'payable', 'paid_on', 'paid_by', 'undone_by');

-- One payment has one open statement; what came while another was thought to be paid stays beside that one.
DROP INDEX statements_open;
CREATE UNIQUE INDEX statements_open ON statements (organization_id, worker_id, pay_on) WHERE paid_on IS NULL AND undone = 0;

-- What is paid is over: it gets no further version, and is unpaid again only with a row that says what was noted and why not.
CREATE OR REPLACE FUNCTION forbid_changing_paid_statements() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.paid_on IS NOT NULL AND NEW.paid_on IS NULL AND NEW.undone = OLD.undone + 1
        AND NEW.version = OLD.version AND NEW.payable = OLD.payable
        AND EXISTS (SELECT 1 FROM statement_undone_payments u WHERE u.organization_id = OLD.organization_id
            AND u.statement_id = OLD.id AND u.number = NEW.undone AND u.version = OLD.version AND u.payable = OLD.payable
            AND u.paid_on = OLD.paid_on AND u.paid_by = OLD.paid_by AND u.paid_noted_at = OLD.paid_noted_at) THEN
        RETURN NEW;
    END IF;
    IF NEW.undone <> OLD.undone OR (OLD.paid_on IS NOT NULL AND (NEW.version <> OLD.version OR NEW.payable <> OLD.payable
        OR NEW.paid_on IS DISTINCT FROM OLD.paid_on OR NEW.paid_by IS DISTINCT FROM OLD.paid_by
        OR NEW.paid_noted_at IS DISTINCT FROM OLD.paid_noted_at)) THEN
        RAISE EXCEPTION 'statement % is paid', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'statements_paid_stay';
    END IF;
    RETURN NEW;
END $$;
