-- Why: back to edits of deals, companies and leads; those of contacts have to be gone before.

SET LOCAL lock_timeout = '2s';

ALTER TABLE bulk_edits
    DROP CONSTRAINT bulk_edits_fields_of_their_kind,
    DROP CONSTRAINT bulk_edits_kind_check,
    DROP CONSTRAINT bulk_edits_field_check,
    ADD CONSTRAINT bulk_edits_kind_check CHECK (kind IN ('deals', 'companies', 'leads')),
    ADD CONSTRAINT bulk_edits_field_check CHECK (field IN ('owner', 'stage', 'next_action_on', 'tag_add', 'tag_remove')),
    ADD CONSTRAINT bulk_edits_check CHECK (rows_done BETWEEN 0 AND rows_total),
    ADD CONSTRAINT bulk_edits_check1
        CHECK (kind = 'deals' OR (kind = 'companies' AND field IN ('tag_add', 'tag_remove')) OR (kind = 'leads' AND field = 'owner'));
