DROP TABLE rate_buckets;
DROP TABLE api_tokens;
DROP TABLE one_time_tokens;
DROP TABLE sessions;
DROP TABLE memberships;
DROP TABLE persons;
DROP FUNCTION open_organization(text, text, text, text, text, text);
DROP FUNCTION organization_directory();
DROP TABLE organizations;
