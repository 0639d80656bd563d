DROP TRIGGER quotes_agree_with_their_lines ON quotes;
DROP FUNCTION check_quote_totals();
DROP TRIGGER quote_lines_at_once ON quote_lines;
DROP FUNCTION forbid_later_quote_lines();
REVOKE UPDATE (state, accepted_at, superseded_at) ON quotes FROM yui_app;
GRANT UPDATE, DELETE ON quotes TO yui_app;
