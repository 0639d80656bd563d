-- Why: back to invoices of which nothing can be returned.
DROP TRIGGER client_invoice_amounts_release ON client_invoice_amounts;
DROP TRIGGER client_invoice_amounts_born_free ON client_invoice_amounts;
REVOKE UPDATE (credit_id) ON client_invoice_amounts FROM yui_app;
ALTER TABLE client_invoice_amounts DROP CONSTRAINT client_invoice_amounts_credit;
ALTER TABLE client_invoice_amounts DROP CONSTRAINT client_invoice_amounts_pkey;
ALTER TABLE client_invoice_amounts DROP COLUMN credit_id;
ALTER TABLE client_invoice_amounts ADD PRIMARY KEY (organization_id, accepted_amount_id);
DROP TABLE client_credit_lines;
DROP TABLE client_credit_rates;
DROP TABLE client_credits;
DROP FUNCTION forbid_wrong_credits();
