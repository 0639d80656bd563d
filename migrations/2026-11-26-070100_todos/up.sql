-- Why: what somebody promised to do beside a deal's next action, or asked a colleague to do, stood on paper and in chats.

SET LOCAL lock_timeout = '2s';

CREATE TABLE todos (
    organization_id bigint NOT NULL REFERENCES organizations (id),
    id bigint GENERATED ALWAYS AS IDENTITY,
    title text NOT NULL CHECK (char_length(title) BETWEEN 1 AND 200),
    due_on date NOT NULL,
    -- In Japan; none: any time of that day.
    due_time time,
    deal_id bigint,
    company_id bigint,
    lead_id bigint,
    -- Who does it, and who wrote it down.
    person_id bigint NOT NULL,
    asked_by bigint NOT NULL,
    -- What came of it, or why it is later.
    note text NOT NULL DEFAULT '' CHECK (char_length(note) <= 1000),
    created_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    done_at timestamptz,
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, deal_id) REFERENCES deals (organization_id, id),
    FOREIGN KEY (organization_id, company_id) REFERENCES companies (organization_id, id),
    FOREIGN KEY (organization_id, lead_id) REFERENCES leads (organization_id, id),
    FOREIGN KEY (organization_id, person_id) REFERENCES persons (organization_id, id),
    FOREIGN KEY (organization_id, asked_by) REFERENCES persons (organization_id, id),
    CHECK (num_nonnulls(deal_id, company_id, lead_id) <= 1)
);
CREATE INDEX todos_of_person ON todos (organization_id, person_id, due_on, id);
CREATE INDEX todos_open ON todos (organization_id, person_id, due_on, id) WHERE done_at IS NULL;
CREATE INDEX todos_asked ON todos (organization_id, asked_by, due_on, id);
CREATE INDEX todos_of_deal ON todos (organization_id, deal_id, due_on, id) WHERE deal_id IS NOT NULL;
CREATE INDEX todos_of_company ON todos (organization_id, company_id, due_on, id) WHERE company_id IS NOT NULL;
CREATE INDEX todos_of_lead ON todos (organization_id, lead_id, due_on, id) WHERE lead_id IS NOT NULL;
SELECT protect('todos');
SELECT audited('todos', 'due_on', 'deal_id', 'company_id', 'lead_id', 'person_id', 'asked_by', 'done_at');

CREATE TRIGGER todos_of_standing_companies BEFORE INSERT ON todos
    FOR EACH ROW WHEN (NEW.company_id IS NOT NULL) EXECUTE FUNCTION follow_merged_company();
CREATE TRIGGER todos_to_standing_companies BEFORE UPDATE OF company_id ON todos
    FOR EACH ROW WHEN (NEW.company_id IS DISTINCT FROM OLD.company_id AND NEW.company_id IS NOT NULL) EXECUTE FUNCTION follow_merged_company();

-- A person's day is read in the order of its days.
DROP INDEX leads_due;
CREATE INDEX leads_due ON leads (organization_id, owner_id, next_action_on, id) WHERE next_action_on IS NOT NULL;
