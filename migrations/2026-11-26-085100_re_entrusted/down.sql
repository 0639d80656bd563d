-- Why: back to sixty days from receipt for all work.
ALTER TABLE earnings DROP COLUMN fixed_pay_on;
ALTER TABLE hand_overs DROP COLUMN fixed_pay_on;
ALTER TABLE jobs DROP COLUMN fixed_pay_on, DROP COLUMN original_pay_on;
ALTER TABLE orders DROP COLUMN original_pay_on, DROP COLUMN original_client, DROP COLUMN re_entrusted;
