-- Why: back to orders that no other town takes part in.
DROP TABLE shares;
