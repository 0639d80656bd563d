ALTER FUNCTION claim_tasks(integer, double precision, text[], smallint[], bigint[], timestamptz[], bigint, smallint)
    RESET plan_cache_mode;
ALTER FUNCTION finish_tasks(bigint[], bigint[])
    RESET plan_cache_mode;
ALTER FUNCTION settle_tasks(bigint[], bigint[], text[], double precision[], smallint[], text[], text[])
    RESET plan_cache_mode;
ALTER FUNCTION prolong_tasks(bigint[], bigint[], double precision)
    RESET plan_cache_mode;
