DROP INDEX delivery_units_fixes;
DROP INDEX units_passed;
DROP INDEX orders_due;
DROP INDEX leads_entered;
DROP INDEX deals_moved;
CREATE INDEX deals_won ON deals (organization_id, won_at) INCLUDE (amount) WHERE state = 'won';
