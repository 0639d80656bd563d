-- Why: a client who does not know the town yet orders a small batch first, and asks what the price leaves out; a quote could say neither.

SET LOCAL lock_timeout = '2s';

-- The trial batch (試し) is offered beside what is quoted: it is no line and in no total.
ALTER TABLE quotes
    ADD COLUMN excluded text NOT NULL DEFAULT '' CHECK (length(excluded) <= 2000),
    ADD COLUMN trial_quantity integer CHECK (trial_quantity BETWEEN 1 AND 1000000),
    ADD COLUMN trial_unit_price bigint CHECK (trial_unit_price BETWEEN 0 AND 1000000000),
    ADD COLUMN trial_until date,
    ADD CONSTRAINT quotes_trial_is_whole CHECK (num_nonnulls(trial_quantity, trial_unit_price, trial_until) IN (0, 3));
