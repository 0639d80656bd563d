DROP TABLE idempotency_keys;
DROP TABLE audit_entries;
DROP FUNCTION audited(regclass, text[]);
DROP FUNCTION protect_append_only(regclass);
DROP FUNCTION protect(regclass);
DROP FUNCTION audit_statement();
DROP FUNCTION current_organization();
