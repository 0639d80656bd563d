DROP FUNCTION claim_tasks(
    integer, double precision, text[], smallint[], bigint[], timestamptz[], bigint, smallint, bigint);
