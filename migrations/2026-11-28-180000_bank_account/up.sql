-- Why: a client read on an invoice what is to be paid and by when, but not to which account.

SET LOCAL lock_timeout = '2s';

-- Where clients transfer to (振込先), in one line as an invoice prints it; empty where a town has not said so.
ALTER TABLE organizations
    ADD COLUMN bank_account text NOT NULL DEFAULT '' CHECK (char_length(bank_account) <= 400);

-- The same as it was when the invoice was issued; the digest covers it where it is not empty.
ALTER TABLE client_invoices
    ADD COLUMN bank_account text NOT NULL DEFAULT '' CHECK (char_length(bank_account) <= 400);
