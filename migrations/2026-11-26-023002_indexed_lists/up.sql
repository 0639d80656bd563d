-- Why: lists over all states, of a year's closed deals, of what can go out and of fixes sorted or scanned whole tables.

SET LOCAL lock_timeout = '2s';

-- The year of a closed deal is that of its last move: won and lost ones are listed and summed together.
DROP INDEX deals_won;
CREATE INDEX deals_moved ON deals (organization_id, moved_at, id) INCLUDE (state, amount);
CREATE INDEX leads_entered ON leads (organization_id, created_at, id);
CREATE INDEX orders_due ON orders (organization_id, due_on, id);
CREATE INDEX units_passed ON units (organization_id, order_id) WHERE state = 'passed';
CREATE INDEX delivery_units_fixes ON delivery_units (organization_id, delivery_id, unit_id) WHERE answer = 'fix';
