-- Why: back to inquiries without files; the files themselves stay.

SET LOCAL lock_timeout = '2s';

DROP TABLE lead_files;
