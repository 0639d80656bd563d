-- Why: the query of before gives the same grams, more slowly.

SET LOCAL lock_timeout = '2s';

CREATE OR REPLACE FUNCTION search_grams_of(text) RETURNS text[]
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 1000
    BEGIN ATOMIC
        SELECT COALESCE(array_agg(DISTINCT substr(folded.key, start, size)), '{}')
        FROM (SELECT search_key_of($1) AS key OFFSET 0) folded,
            generate_series(1, length(folded.key)) AS start,
            generate_series(1, 2) AS size
        WHERE start + size - 1 <= length(folded.key);
    END;
