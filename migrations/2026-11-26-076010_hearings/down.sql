-- Why: back to what a client said in notes alone.

SET LOCAL lock_timeout = '2s';

DROP TABLE hearing_files;
DROP TABLE hearings;
