-- Why: a lead that was called was marked as contacted with nothing said about what came of it or what is next.

SET LOCAL lock_timeout = '2s';

-- Every time somebody got in touch with a lead, or tried to.
CREATE TABLE lead_contacts (
    organization_id bigint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    lead_id bigint NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('done', 'no_answer', 'interested', 'refused', 'waiting')),
    note text NOT NULL CHECK (char_length(note) <= 4000),
    person_id bigint NOT NULL,
    happened_at timestamptz NOT NULL,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, lead_id) REFERENCES leads (organization_id, id),
    FOREIGN KEY (organization_id, person_id) REFERENCES persons (organization_id, id)
);
CREATE INDEX lead_contacts_of_lead ON lead_contacts (organization_id, lead_id, id);
CREATE INDEX lead_contacts_person ON lead_contacts (organization_id, person_id);
SELECT protect_append_only('lead_contacts');

-- What is to be done next, once somebody got in touch; gone when the lead is closed.
ALTER TABLE leads ADD COLUMN next_action text CHECK (char_length(next_action) BETWEEN 1 AND 200);
ALTER TABLE leads ADD COLUMN next_action_on date;
ALTER TABLE leads ADD CONSTRAINT leads_next_action_has_a_day CHECK ((next_action IS NULL) = (next_action_on IS NULL));
CREATE INDEX leads_due ON leads (organization_id, owner_id, next_action_on) WHERE next_action_on IS NOT NULL;
