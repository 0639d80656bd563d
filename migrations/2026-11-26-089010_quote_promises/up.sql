-- Why: a quote said by when the client wants it and never by when it can be done; the place for that day was empty.

SET LOCAL lock_timeout = '2s';

-- By when what a version offers could be done, reckoned when it was issued. Beside the quote, not in it: a client never reads it.
CREATE TABLE quote_promises (
    organization_id bigint NOT NULL,
    quote_id bigint NOT NULL,
    half_on date,
    promised_on date,
    nearly_on date,
    -- Why there is no day.
    gap text CHECK (gap IN ('no_hours', 'nobody_fits', 'too_far')),
    -- In how many of a thousand runs it was done after the day the quote gives.
    late_permille smallint NOT NULL CHECK (late_permille BETWEEN 0 AND 1000),
    reckoned_at timestamptz NOT NULL,
    PRIMARY KEY (organization_id, quote_id),
    FOREIGN KEY (organization_id, quote_id) REFERENCES quotes (organization_id, id),
    CONSTRAINT quote_promises_day_or_gap CHECK ((promised_on IS NULL) = (gap IS NOT NULL)),
    CONSTRAINT quote_promises_in_order CHECK (half_on <= promised_on AND promised_on <= nearly_on)
);
SELECT protect_append_only('quote_promises');
