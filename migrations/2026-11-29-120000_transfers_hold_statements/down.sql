-- Why: back to files that leave no mark on what they pay. Two open statements of one payment, of which one was in a file, have to be
-- paid before this.

SET LOCAL lock_timeout = '2s';

DROP TRIGGER audit_insert ON payers;
DROP TRIGGER audit_update ON payers;
DROP TRIGGER audit_delete ON payers;
SELECT audited('payers', 'originator_code', 'bank', 'branch', 'kind', 'number');

DROP TRIGGER audit_insert ON transfer_files;
DROP TRIGGER audit_update ON transfer_files;
DROP TRIGGER audit_delete ON transfer_files;
SELECT audited('transfer_files', 'pay_on', 'transfer_on', 'payments', 'total', 'made_by');

DROP TRIGGER audit_insert ON statements;
DROP TRIGGER audit_update ON statements;
DROP TRIGGER audit_delete ON statements;
SELECT audited('statements', 'worker_id', 'pay_on', 'version', 'payable', 'answer', 'paid_on', 'paid_by');

DROP TRIGGER transfer_files_paid_stay ON transfer_files;
DROP FUNCTION forbid_voiding_paid_files();
DROP TRIGGER statements_filed_stay ON statements;
DROP FUNCTION forbid_changing_filed_statements();

DROP INDEX statements_open;
CREATE UNIQUE INDEX statements_open ON statements (organization_id, worker_id, pay_on) WHERE paid_on IS NULL AND undone = 0;

ALTER TABLE statements DROP COLUMN transfer_file_id, DROP COLUMN takes_more;
ALTER TABLE transfer_files DROP COLUMN payer_version, DROP COLUMN voided_at, DROP COLUMN voided_by;
