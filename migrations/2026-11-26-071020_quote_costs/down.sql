DROP TABLE quote_costs;
DROP TABLE cost_rates;
