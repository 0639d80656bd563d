-- Why: the way back of 2026-11-26-075000; the function as 2026-11-26-061000 made it.

SET LOCAL lock_timeout = '2s';

CREATE OR REPLACE FUNCTION take_back_deals(wanted bigint[]) RETURNS SETOF bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    DECLARE
        untouched bigint[] := ARRAY(
            SELECT d.id FROM deals d WHERE d.organization_id = current_organization() AND d.id = ANY (wanted) AND d.version = 1
            AND (SELECT count(*) FROM deal_events e WHERE e.organization_id = d.organization_id AND e.deal_id = d.id) = 1);
    BEGIN
        DELETE FROM deal_events WHERE organization_id = current_organization() AND deal_id = ANY (untouched);
        RETURN QUERY DELETE FROM deals WHERE organization_id = current_organization() AND id = ANY (untouched) RETURNING id;
    END $$;
