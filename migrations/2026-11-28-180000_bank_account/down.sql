-- Why: back to invoices that say no account.

SET LOCAL lock_timeout = '2s';

ALTER TABLE client_invoices DROP COLUMN bank_account;
ALTER TABLE organizations DROP COLUMN bank_account;
