-- Why: every piece of an order counted the same, so cheap pieces were asked for at the price of dear ones until the order closed.

SET LOCAL lock_timeout = '2s';

-- Which line of the order a job's units are of; null where nobody has said, as in orders of several lines from before.
ALTER TABLE jobs ADD COLUMN order_line smallint;
ALTER TABLE jobs ADD CONSTRAINT jobs_order_line FOREIGN KEY (organization_id, order_id, order_line)
    REFERENCES order_lines (organization_id, order_id, position);
CREATE INDEX jobs_of_line ON jobs (organization_id, order_id, order_line);
