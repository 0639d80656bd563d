-- Why: where nothing but a check or a decision was left of an order at risk, another day with the client was advised.

SET LOCAL lock_timeout = '2s';

ALTER TABLE order_outlooks DROP CONSTRAINT order_outlooks_remedy_check;
ALTER TABLE order_outlooks ADD CONSTRAINT order_outlooks_remedy_check
    CHECK (remedy IN ('check_now', 'decide_fixes', 'split', 're_offer', 'second_worker', 'renegotiate'));
