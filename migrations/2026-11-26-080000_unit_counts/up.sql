-- Why: the seven questions counted every unit of every running order; now each move of a unit notes what it changes.

SET LOCAL lock_timeout = '2s';

-- How many units of a job came to be in a state, in somebody's hands and with a day of their own, or left: the sum over
-- like rows is how many there are. Rows are only added, so that people who claim from one job at once never wait for each
-- other here; `folded` ones are what earlier rows came to.
CREATE TABLE unit_counts (
    organization_id bigint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    order_id bigint NOT NULL,
    job_id bigint NOT NULL,
    state text NOT NULL,
    holder_id bigint,
    due_on date,
    units bigint NOT NULL CHECK (units <> 0),
    folded boolean NOT NULL DEFAULT false,
    PRIMARY KEY (organization_id, id)
);
CREATE INDEX unit_counts_of_order ON unit_counts (organization_id, order_id);
CREATE INDEX unit_counts_loose ON unit_counts (organization_id, order_id) WHERE NOT folded;
SELECT protect('unit_counts');
REVOKE UPDATE ON unit_counts FROM yui_app;

CREATE FUNCTION count_units() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO unit_counts (organization_id, order_id, job_id, state, holder_id, due_on, units)
        SELECT organization_id, order_id, job_id, state, holder_id, due_on, count(*)
        FROM new_rows GROUP BY 1, 2, 3, 4, 5, 6;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO unit_counts (organization_id, order_id, job_id, state, holder_id, due_on, units)
        SELECT organization_id, order_id, job_id, state, holder_id, due_on, -count(*)
        FROM old_rows GROUP BY 1, 2, 3, 4, 5, 6;
    ELSE
        INSERT INTO unit_counts (organization_id, order_id, job_id, state, holder_id, due_on, units)
        SELECT organization_id, order_id, job_id, state, holder_id, due_on, sum(units)
        FROM (SELECT organization_id, order_id, job_id, state, holder_id, due_on, 1 AS units FROM new_rows
            UNION ALL
            SELECT organization_id, order_id, job_id, state, holder_id, due_on, -1 FROM old_rows) moved
        GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(units) <> 0;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER units_counted_in AFTER INSERT ON units REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION count_units();
CREATE TRIGGER units_counted_out AFTER DELETE ON units REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION count_units();
CREATE TRIGGER units_counted AFTER UPDATE ON units REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION count_units();

INSERT INTO unit_counts (organization_id, order_id, job_id, state, holder_id, due_on, units, folded)
SELECT organization_id, order_id, job_id, state, holder_id, due_on, count(*), true
FROM units GROUP BY 1, 2, 3, 4, 5, 6;
