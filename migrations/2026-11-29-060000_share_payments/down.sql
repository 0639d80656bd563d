-- Why: back to shares of which nobody knows what was paid.
DROP TABLE share_payments;
