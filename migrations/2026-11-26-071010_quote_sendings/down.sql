DROP INDEX quotes_running_out;
DROP TABLE quote_events;
DROP TABLE quote_sendings;
