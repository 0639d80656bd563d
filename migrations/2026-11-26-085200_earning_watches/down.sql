-- Why: back to earnings that nobody counts against a limit.
DROP TABLE earning_watches;
