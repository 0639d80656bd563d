-- Why: who comes back from a fair with twenty people who do not want calls noted each of them on a page of their own; contacts are changed together now.

SET LOCAL lock_timeout = '2s';

ALTER TABLE bulk_edits
    DROP CONSTRAINT bulk_edits_kind_check,
    DROP CONSTRAINT bulk_edits_field_check,
    DROP CONSTRAINT bulk_edits_check,
    DROP CONSTRAINT bulk_edits_check1,
    ADD CONSTRAINT bulk_edits_kind_check CHECK (kind IN ('deals', 'companies', 'contacts', 'leads')),
    ADD CONSTRAINT bulk_edits_field_check
        CHECK (field IN ('owner', 'stage', 'next_action_on', 'tag_add', 'tag_remove', 'calls_refused', 'language')),
    ADD CONSTRAINT bulk_edits_fields_of_their_kind CHECK (
        (kind = 'deals' AND field IN ('owner', 'stage', 'next_action_on'))
        OR (kind = 'companies' AND field IN ('tag_add', 'tag_remove'))
        OR (kind = 'contacts' AND field IN ('calls_refused', 'language'))
        OR (kind = 'leads' AND field = 'owner'));
