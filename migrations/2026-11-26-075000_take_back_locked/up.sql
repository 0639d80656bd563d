-- Why: a deal changed between being found untouched and being deleted went with the change; now it is held from the first look on.

SET LOCAL lock_timeout = '2s';

CREATE OR REPLACE FUNCTION take_back_deals(wanted bigint[]) RETURNS SETOF bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    DECLARE
        untouched bigint[];
    BEGIN
        -- Whoever changes one of them at this moment is waited for, and what they changed is no longer at version 1.
        PERFORM 1 FROM deals WHERE organization_id = current_organization() AND id = ANY (wanted) AND version = 1
            ORDER BY id FOR UPDATE;
        untouched := ARRAY(
            SELECT d.id FROM deals d WHERE d.organization_id = current_organization() AND d.id = ANY (wanted) AND d.version = 1
            AND (SELECT count(*) FROM deal_events e WHERE e.organization_id = d.organization_id AND e.deal_id = d.id) = 1);
        DELETE FROM deal_events WHERE organization_id = current_organization() AND deal_id = ANY (untouched);
        RETURN QUERY DELETE FROM deals WHERE organization_id = current_organization() AND id = ANY (untouched) RETURNING id;
    END $$;
