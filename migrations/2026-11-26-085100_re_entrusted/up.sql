-- Why: work that a business commissioned the town with and the town passes on may be paid by the day on which that business pays, if its terms say three things more (Freelance Act art. 4 para. 3).

SET LOCAL lock_timeout = '2s';

-- Whether an order is said to be re-entrusted, who commissioned the town with it, and when they pay; a gap may be filled later, but nothing is assigned until then.
ALTER TABLE orders ADD COLUMN re_entrusted boolean NOT NULL DEFAULT false;
ALTER TABLE orders ADD COLUMN original_client text NOT NULL DEFAULT '' CHECK (length(original_client) <= 200);
ALTER TABLE orders ADD COLUMN original_pay_on date;
ALTER TABLE orders ADD CONSTRAINT orders_re_entrusted_whole
    CHECK (re_entrusted OR (original_client = '' AND original_pay_on IS NULL));

-- The one day on which re-entrusted work is paid, as its job's terms say; none for any other work.
ALTER TABLE jobs ADD COLUMN original_pay_on date;
ALTER TABLE jobs ADD COLUMN fixed_pay_on date;
-- Thirty days from the original due date, which is the first of them.
ALTER TABLE jobs ADD CONSTRAINT jobs_paid_within_30_days_of_original
    CHECK ((fixed_pay_on IS NULL) = (original_pay_on IS NULL) AND fixed_pay_on <= original_pay_on + 29);

ALTER TABLE hand_overs ADD COLUMN fixed_pay_on date;

-- Only where it comes after the receipt; else the agreed day of the month counts, as for all work.
ALTER TABLE earnings ADD COLUMN fixed_pay_on date;
ALTER TABLE earnings ADD CONSTRAINT earnings_fixed_after_receipt CHECK (fixed_pay_on IS NULL OR fixed_pay_on > received_on);
CREATE INDEX earnings_fixed ON earnings (organization_id, fixed_pay_on) WHERE fixed_pay_on IS NOT NULL;
