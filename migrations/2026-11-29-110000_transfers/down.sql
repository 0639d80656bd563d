-- Why: back to transfers that are typed in by hand.

SET LOCAL lock_timeout = '2s';

DROP TABLE transfer_files;
DROP TABLE payers;
