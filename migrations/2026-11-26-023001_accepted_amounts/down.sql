DROP TABLE accepted_amounts;
ALTER TABLE deliveries DROP CONSTRAINT deliveries_of_their_order;
