-- Why: back to invoices that leave the town by hand.
DROP TABLE invoice_openings;
DROP TABLE invoice_sendings;
