-- Why: back to a day that nobody reckons.
DROP TABLE order_promises;
DROP TABLE order_outlooks;
