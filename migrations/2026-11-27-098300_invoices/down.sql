-- Why: back to accepted work that nobody asks money for.
DROP TABLE client_payments;
DROP TABLE client_invoice_amounts;
DROP TABLE client_invoice_lines;
DROP TABLE client_invoice_rates;
DROP TABLE client_invoices;
DROP FUNCTION forbid_wrong_invoice_sums();
