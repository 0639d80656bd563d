SET LOCAL lock_timeout = '2s';
DROP FUNCTION contacts_at_same_address(bigint[]);
