-- Why: back to towns that work alone.
DROP TABLE partners;
