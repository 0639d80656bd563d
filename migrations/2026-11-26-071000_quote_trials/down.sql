ALTER TABLE quotes
    DROP CONSTRAINT quotes_trial_is_whole,
    DROP COLUMN trial_until,
    DROP COLUMN trial_unit_price,
    DROP COLUMN trial_quantity,
    DROP COLUMN excluded;
