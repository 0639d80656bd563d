DROP INDEX reviews_by_time;
UPDATE offer_rounds SET kind = 'round' WHERE kind = 'named';
ALTER TABLE offer_rounds DROP CONSTRAINT offer_rounds_kind_check;
ALTER TABLE offer_rounds ADD CONSTRAINT offer_rounds_kind_check CHECK (kind IN ('round', 'pool'));
