DROP TABLE invoice_registrations;
DROP TABLE bank_accounts;
