GRANT EXECUTE ON FUNCTION audit_statement(), forbid_own_review(), forbid_making_after_checking(),
    forbid_unreviewed_delivery() TO PUBLIC;
DROP TRIGGER audit_row ON organizations;
DROP FUNCTION audit_organization();
GRANT INSERT ON audit_entries TO yui_app;
