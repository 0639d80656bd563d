-- Why: back to rates by proportion.
DROP TABLE accepted_amount_rates;
DROP FUNCTION forbid_wrong_accepted_rates();
