-- Why: who has refused to be called stands on no call list, and the town can show when, how and to whom they said so.

SET LOCAL lock_timeout = '2s';

CREATE TABLE call_wishes (
    organization_id bigint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    contact_id bigint NOT NULL,
    wish text NOT NULL CHECK (wish IN ('refused', 'welcome')),
    note text NOT NULL CHECK (length(note) BETWEEN 1 AND 400),
    recorded_at timestamptz NOT NULL,
    recorded_by text NOT NULL,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, contact_id) REFERENCES contacts (organization_id, id)
);
CREATE INDEX call_wishes_of_contact ON call_wishes (organization_id, contact_id, id);
SELECT protect_append_only('call_wishes');
SELECT audited('call_wishes', 'contact_id', 'wish');

-- What the last line says, where the call list looks.
ALTER TABLE contacts ADD COLUMN may_be_called boolean NOT NULL DEFAULT true;
CREATE INDEX contacts_to_be_called ON contacts (organization_id, kana_key, id) WHERE may_be_called AND phone <> '';
