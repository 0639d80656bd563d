-- Why: back to remedies that move people or days. What was reckoned is reckoned anew each night.

SET LOCAL lock_timeout = '2s';

UPDATE order_outlooks SET remedy = NULL, remedy_units = NULL WHERE remedy IN ('check_now', 'decide_fixes');
ALTER TABLE order_outlooks DROP CONSTRAINT order_outlooks_remedy_check;
ALTER TABLE order_outlooks ADD CONSTRAINT order_outlooks_remedy_check
    CHECK (remedy IN ('split', 're_offer', 'second_worker', 'renegotiate'));
