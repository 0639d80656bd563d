-- Why: a claim and an end planned their inner statement at every call, because the planner took its general plan to be
-- dearer than one made for the values at hand. Both plans are the same (the functions' other settings see to that), so
-- planning was a third of a claim and half of an end of one task: 0.52 and 0.21 ms with it, 0.33 and 0.08 ms without.

SET LOCAL lock_timeout = '2s';

ALTER FUNCTION claim_tasks(integer, double precision, text[], smallint[], bigint[], timestamptz[], bigint, smallint)
    SET plan_cache_mode = force_generic_plan;
ALTER FUNCTION finish_tasks(bigint[], bigint[])
    SET plan_cache_mode = force_generic_plan;
ALTER FUNCTION settle_tasks(bigint[], bigint[], text[], double precision[], smallint[], text[], text[])
    SET plan_cache_mode = force_generic_plan;
ALTER FUNCTION prolong_tasks(bigint[], bigint[], double precision)
    SET plan_cache_mode = force_generic_plan;
