-- Why: back to invoices that name the day they go up to alone.
ALTER TABLE client_invoices DROP CONSTRAINT client_invoices_supplied;
ALTER TABLE client_invoices DROP COLUMN supplied_to;
ALTER TABLE client_invoices DROP COLUMN supplied_from;
