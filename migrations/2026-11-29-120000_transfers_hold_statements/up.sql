-- Why: a file of transfers left no mark on the statements that it pays. A second file of a day paid the first one's people again,
-- whoever was left out of a file was noted as paid with the rest, and a statement grew between its file and its note. Files made
-- before this hold no statements: nobody knows any more which those were.

SET LOCAL lock_timeout = '2s';

-- A file that was not sent to the bank is voided, and says so for ever. Before this nobody wrote down at which version the paying
-- account stood.
ALTER TABLE transfer_files
    ADD COLUMN payer_version integer CHECK (payer_version >= 1),
    ADD COLUMN voided_at timestamptz,
    ADD COLUMN voided_by bigint,
    ADD CONSTRAINT transfer_files_voided_whole CHECK ((voided_at IS NULL) = (voided_by IS NULL)),
    ADD CONSTRAINT transfer_files_voided_by FOREIGN KEY (organization_id, voided_by) REFERENCES persons (organization_id, id);
CREATE INDEX transfer_files_voided_by ON transfer_files (organization_id, voided_by);
GRANT UPDATE (voided_at, voided_by) ON transfer_files TO yui_app;

-- Which file pays a statement: at most one that stands, and the one that paid it once it is paid. What was ever put into one takes
-- nothing more from a closing, whatever becomes of the file.
ALTER TABLE statements
    ADD COLUMN transfer_file_id bigint,
    ADD COLUMN takes_more boolean NOT NULL DEFAULT true,
    ADD CONSTRAINT statements_filed_take_no_more CHECK (transfer_file_id IS NULL OR NOT takes_more),
    ADD CONSTRAINT statements_transfer_file FOREIGN KEY (organization_id, transfer_file_id)
        REFERENCES transfer_files (organization_id, id);
CREATE INDEX statements_of_file ON statements (organization_id, transfer_file_id);
GRANT UPDATE (transfer_file_id, takes_more) ON statements TO yui_app;

-- One payment has one open statement that takes what comes; what is in a file stays beside it.
DROP INDEX statements_open;
CREATE UNIQUE INDEX statements_open ON statements (organization_id, worker_id, pay_on)
    WHERE paid_on IS NULL AND undone = 0 AND takes_more;

-- What a file pays is what was put into it: nothing of a statement changes while it is in one. It gets into a file of its own day that
-- stands, and out of it when that is voided or a payment is taken back.
CREATE FUNCTION forbid_changing_filed_statements() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    stands boolean := EXISTS (SELECT 1 FROM transfer_files f WHERE f.organization_id = OLD.organization_id
        AND f.id = COALESCE(OLD.transfer_file_id, NEW.transfer_file_id) AND f.pay_on = OLD.pay_on AND f.voided_at IS NULL);
BEGIN
    IF (OLD.transfer_file_id IS NOT NULL AND (NEW.version <> OLD.version OR NEW.payable <> OLD.payable))
        OR (NEW.takes_more AND NOT OLD.takes_more)
        OR (OLD.transfer_file_id IS NULL AND NEW.transfer_file_id IS NOT NULL
            AND (OLD.paid_on IS NOT NULL OR NEW.paid_on IS NOT NULL OR NOT stands))
        OR (OLD.transfer_file_id IS NOT NULL AND NEW.transfer_file_id IS NOT NULL
            AND NEW.transfer_file_id <> OLD.transfer_file_id)
        OR (OLD.transfer_file_id IS NOT NULL AND NEW.transfer_file_id IS NULL
            AND NEW.undone = OLD.undone AND (OLD.paid_on IS NOT NULL OR stands)) THEN
        RAISE EXCEPTION 'statement % is in a file of transfers', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'statements_filed_stay';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER statements_filed_stay BEFORE UPDATE ON statements
    FOR EACH ROW EXECUTE FUNCTION forbid_changing_filed_statements();

-- A file is voided once, and never when something of it is noted as paid.
CREATE FUNCTION forbid_voiding_paid_files() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.voided_at IS NOT NULL OR EXISTS (SELECT 1 FROM statements s WHERE s.organization_id = OLD.organization_id
        AND s.transfer_file_id = OLD.id AND s.paid_on IS NOT NULL) THEN
        RAISE EXCEPTION 'file of transfers % stays', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'transfer_files_paid_stay';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER transfer_files_paid_stay BEFORE UPDATE ON transfer_files
    FOR EACH ROW EXECUTE FUNCTION forbid_voiding_paid_files();

DROP TRIGGER audit_insert ON statements;
DROP TRIGGER audit_update ON statements;
DROP TRIGGER audit_delete ON statements;
SELECT audited('statements', 'worker_id', 'pay_on', 'version', 'payable', 'answer', 'paid_on', 'paid_by', 'transfer_file_id');

DROP TRIGGER audit_insert ON transfer_files;
DROP TRIGGER audit_update ON transfer_files;
DROP TRIGGER audit_delete ON transfer_files;
SELECT audited('transfer_files', 'pay_on', 'transfer_on', 'payments', 'total', 'made_by', 'payer_version', 'voided_by');

-- Under which name it pays is no personal data either.
DROP TRIGGER audit_insert ON payers;
DROP TRIGGER audit_update ON payers;
DROP TRIGGER audit_delete ON payers;
SELECT audited('payers', 'originator_code', 'name', 'bank', 'branch', 'kind', 'number');
