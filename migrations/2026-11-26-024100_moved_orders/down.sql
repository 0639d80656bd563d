-- Why: back to one day for ever.

SET LOCAL lock_timeout = '2s';

DROP TABLE order_due_moves;
