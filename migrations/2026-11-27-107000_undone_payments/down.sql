-- Why: back to payments that nobody takes back.
CREATE OR REPLACE FUNCTION forbid_changing_paid_statements() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.paid_on IS NOT NULL AND (NEW.version <> OLD.version OR NEW.payable <> OLD.payable
        OR NEW.paid_on IS DISTINCT FROM OLD.paid_on OR NEW.paid_by IS DISTINCT FROM OLD.paid_by) THEN
        RAISE EXCEPTION 'statement % is paid', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'statements_paid_stay';
    END IF;
    RETURN NEW;
END $$;
DROP INDEX statements_open;
CREATE UNIQUE INDEX statements_open ON statements (organization_id, worker_id, pay_on) WHERE paid_on IS NULL;
DROP TABLE statement_undone_payments;
ALTER TABLE statements DROP COLUMN undone;
