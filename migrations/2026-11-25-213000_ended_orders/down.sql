REVOKE UPDATE (state, passed_basis, holder_id, cancel_fault, compensation, version) ON units FROM yui_app;
GRANT UPDATE, DELETE ON units TO yui_app;
DROP TRIGGER units_of_open_orders ON units;
DROP FUNCTION forbid_units_of_ended_orders();
DROP TRIGGER orders_end_with_their_units ON orders;
DROP FUNCTION forbid_ending_before_the_units();
DROP TRIGGER orders_end_once ON orders;
DROP TRIGGER units_end_once ON units;
DROP FUNCTION forbid_leaving_the_end();
