-- Why: back to an empty place.
DROP TABLE quote_promises;
