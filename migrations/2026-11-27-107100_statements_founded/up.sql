-- Why: a statement's lines came to its total, but nothing said that they were what its worker had earned; now the database does.

SET LOCAL lock_timeout = '2s';

-- With which version an earning came onto its statement. Of those from before, only that they stand on the newest one is known.
ALTER TABLE statement_earnings ADD COLUMN version integer;
UPDATE statement_earnings e SET version = s.version FROM statements s
    WHERE s.organization_id = e.organization_id AND s.id = e.statement_id;
ALTER TABLE statement_earnings ALTER COLUMN version SET NOT NULL;
DROP INDEX statement_earnings_of;
CREATE INDEX statement_earnings_of ON statement_earnings (organization_id, statement_id, version);
-- Nothing is taken onto a statement without a version of it that was issued.
ALTER TABLE statement_earnings ADD CONSTRAINT statement_earnings_issued
    FOREIGN KEY (organization_id, statement_id, version) REFERENCES statement_versions (organization_id, statement_id, number)
    DEFERRABLE INITIALLY DEFERRED;

-- What stands on a statement was earned by its worker, under terms of theirs, and comes with its next version.
CREATE FUNCTION forbid_foreign_earnings() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM statements s
        JOIN earnings e ON e.organization_id = s.organization_id AND e.id = NEW.earning_id AND e.person_id = s.person_id
        JOIN terms_notices t ON t.organization_id = e.organization_id AND t.id = e.terms_notice_id AND t.worker_id = s.worker_id
        WHERE s.organization_id = NEW.organization_id AND s.id = NEW.statement_id
            AND s.paid_on IS NULL AND NEW.version = s.version + 1) THEN
        RAISE EXCEPTION 'earning % does not come onto statement % with version %', NEW.earning_id, NEW.statement_id, NEW.version
            USING ERRCODE = 'check_violation', CONSTRAINT = 'statement_earnings_own';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER statement_earnings_own BEFORE INSERT ON statement_earnings
    FOR EACH ROW EXECUTE FUNCTION forbid_foreign_earnings();

-- Lines come with their version, and none to one that was issued.
CREATE FUNCTION forbid_late_statement_lines() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM statements s WHERE s.organization_id = NEW.organization_id AND s.id = NEW.statement_id
        AND NEW.number = s.version + 1) THEN
        RAISE EXCEPTION 'statement % version % is issued', NEW.statement_id, NEW.number
            USING ERRCODE = 'check_violation', CONSTRAINT = 'statement_lines_issued';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER statement_lines_issued BEFORE INSERT ON statement_lines
    FOR EACH ROW EXECUTE FUNCTION forbid_late_statement_lines();

-- A statement is what its newest version says; that lists what was earned, line by line, and the deductions that were approved, each
-- of a unit that was paid on it and never more than that.
CREATE FUNCTION forbid_unfounded_statement(town bigint, statement bigint) RETURNS void
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    head statements;
    said statement_versions;
BEGIN
    SELECT * INTO head FROM statements s WHERE s.organization_id = town AND s.id = statement;
    SELECT * INTO said FROM statement_versions v WHERE v.organization_id = town AND v.statement_id = statement
        ORDER BY v.number DESC LIMIT 1;
    IF said.number IS DISTINCT FROM head.version OR said.payable IS DISTINCT FROM head.payable THEN
        RAISE EXCEPTION 'statement % is not its newest version', statement
            USING ERRCODE = 'check_violation', CONSTRAINT = 'statements_newest';
    END IF;
    IF EXISTS (
        WITH owed AS (
            SELECT u.job_id, e.kind, e.amount AS price, count(*) AS units, min(e.received_on) AS first, max(e.received_on) AS last
            FROM statement_earnings s
            JOIN earnings e ON e.organization_id = s.organization_id AND e.id = s.earning_id
            JOIN units u ON u.organization_id = e.organization_id AND u.id = e.unit_id
            WHERE s.organization_id = town AND s.statement_id = statement GROUP BY 1, 2, 3
            UNION ALL
            SELECT u.job_id, 'deduction', -d.amount, count(*), min(paid.received_on), max(paid.received_on)
            FROM pay_deductions d
            JOIN units u ON u.organization_id = d.organization_id AND u.id = d.unit_id
            LEFT JOIN LATERAL (SELECT min(e.received_on) AS received_on FROM statement_earnings s
                JOIN earnings e ON e.organization_id = s.organization_id AND e.id = s.earning_id
                WHERE s.organization_id = town AND s.statement_id = statement AND e.unit_id = d.unit_id) paid ON true
            WHERE d.organization_id = town AND d.statement_id = statement AND d.is_approved GROUP BY 1, 2, 3
        ), listed AS (
            SELECT l.job_id, l.kind, l.unit_price, sum(l.units), min(l.first_received_on), max(l.last_received_on)
            FROM statement_lines l
            WHERE l.organization_id = town AND l.statement_id = statement AND l.number = said.number GROUP BY 1, 2, 3
        )
        (TABLE owed EXCEPT TABLE listed) UNION ALL (TABLE listed EXCEPT TABLE owed)
    ) THEN
        RAISE EXCEPTION 'statement % version % does not list what was earned and deducted', statement, said.number
            USING ERRCODE = 'check_violation', CONSTRAINT = 'statement_lines_founded';
    END IF;
    IF EXISTS (
        SELECT 1 FROM pay_deductions d
        WHERE d.organization_id = town AND d.statement_id = statement AND d.is_approved
        GROUP BY d.unit_id HAVING sum(d.amount) > COALESCE((SELECT sum(e.amount) FROM statement_earnings s
            JOIN earnings e ON e.organization_id = s.organization_id AND e.id = s.earning_id
            WHERE s.organization_id = town AND s.statement_id = statement AND e.unit_id = d.unit_id AND e.kind = 'unit'), 0)
    ) THEN
        RAISE EXCEPTION 'statement % takes more off a unit than it pays for it', statement
            USING ERRCODE = 'check_violation', CONSTRAINT = 'pay_deductions_within_pay';
    END IF;
END $$;

CREATE FUNCTION forbid_unfounded_version() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM forbid_unfounded_statement(NEW.organization_id, NEW.statement_id);
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER statement_versions_founded AFTER INSERT ON statement_versions
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION forbid_unfounded_version();
CREATE CONSTRAINT TRIGGER pay_deductions_founded AFTER INSERT OR UPDATE ON pay_deductions
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.is_approved) EXECUTE FUNCTION forbid_unfounded_version();

CREATE FUNCTION forbid_unfounded_head() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM forbid_unfounded_statement(NEW.organization_id, NEW.id);
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER statements_founded AFTER INSERT OR UPDATE OF version, payable ON statements
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION forbid_unfounded_head();
