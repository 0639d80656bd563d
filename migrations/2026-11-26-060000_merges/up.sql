-- Why: a company or a person entered twice splits what is known of them over two rows, and nobody sees the whole.

SET LOCAL lock_timeout = '2s';

-- The one merged away stays where it was and points to the one kept: whatever names it still finds the way.
ALTER TABLE companies ADD COLUMN merged_into bigint CHECK (merged_into <> id);
ALTER TABLE companies ADD CONSTRAINT companies_merged_into
    FOREIGN KEY (organization_id, merged_into) REFERENCES companies (organization_id, id);
CREATE INDEX companies_merged ON companies (organization_id, merged_into);
ALTER TABLE contacts ADD COLUMN merged_into bigint CHECK (merged_into <> id);
ALTER TABLE contacts ADD CONSTRAINT contacts_merged_into
    FOREIGN KEY (organization_id, merged_into) REFERENCES contacts (organization_id, id);
CREATE INDEX contacts_merged ON contacts (organization_id, merged_into);
DROP INDEX contacts_to_be_called;
CREATE INDEX contacts_to_be_called ON contacts (organization_id, kana_key, id)
    WHERE may_be_called AND phone <> '' AND merged_into IS NULL;

-- A corporate number belongs to one company that stands.
DROP INDEX companies_number;
CREATE UNIQUE INDEX companies_number ON companies (organization_id, corporate_number) WHERE merged_into IS NULL;

CREATE OR REPLACE FUNCTION search_company_ids(wanted text[], pattern text, most integer) RETURNS SETOF bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$SELECT id FROM companies WHERE organization_id = current_organization() AND merged_into IS NULL AND grams @> $1
        AND search_key LIKE $2 ORDER BY kana_key, id LIMIT $3$$;
CREATE OR REPLACE FUNCTION search_contact_ids(wanted text[], pattern text, most integer) RETURNS SETOF bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$SELECT id FROM contacts WHERE organization_id = current_organization() AND merged_into IS NULL
        AND search_grams_of(family_name || ' ' || given_name || ' ' || family_kana || ' ' || given_kana || ' ' || phone_key || ' ' || email_key) @> $1
        AND search_key_of(family_name || ' ' || given_name || ' ' || family_kana || ' ' || given_kana || ' ' || phone_key || ' ' || email_key) LIKE $2 ORDER BY kana_key, id LIMIT $3$$;

-- What was merged, by whom, when, and all that takes it back: never changed but for being undone.
CREATE TABLE merges (
    organization_id bigint NOT NULL REFERENCES organizations (id),
    id bigint GENERATED ALWAYS AS IDENTITY,
    kept_company_id bigint,
    merged_company_id bigint,
    kept_contact_id bigint,
    merged_contact_id bigint,
    -- Each field of the kept one that the merge changed: [what it was, what it became].
    changed jsonb NOT NULL,
    -- The ids of what moved from the merged one to the kept one, by table.
    moved jsonb NOT NULL,
    merged_at timestamptz NOT NULL,
    merged_by text NOT NULL,
    undone_at timestamptz,
    undone_by text,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, kept_company_id) REFERENCES companies (organization_id, id),
    FOREIGN KEY (organization_id, merged_company_id) REFERENCES companies (organization_id, id),
    FOREIGN KEY (organization_id, kept_contact_id) REFERENCES contacts (organization_id, id),
    FOREIGN KEY (organization_id, merged_contact_id) REFERENCES contacts (organization_id, id),
    CHECK ((kept_company_id IS NULL) = (merged_company_id IS NULL)),
    CHECK ((kept_contact_id IS NULL) = (merged_contact_id IS NULL)),
    CHECK ((kept_company_id IS NULL) <> (kept_contact_id IS NULL)),
    CHECK ((undone_at IS NULL) = (undone_by IS NULL))
);
CREATE INDEX merges_kept_company ON merges (organization_id, kept_company_id, id);
CREATE INDEX merges_merged_company ON merges (organization_id, merged_company_id);
CREATE INDEX merges_kept_contact ON merges (organization_id, kept_contact_id, id);
CREATE INDEX merges_merged_contact ON merges (organization_id, merged_contact_id);
CREATE UNIQUE INDEX merges_company_once ON merges (organization_id, merged_company_id) WHERE undone_at IS NULL;
CREATE UNIQUE INDEX merges_contact_once ON merges (organization_id, merged_contact_id) WHERE undone_at IS NULL;
SELECT protect_append_only('merges');
GRANT UPDATE (undone_at, undone_by) ON merges TO yui_app;
SELECT audited('merges', 'kept_company_id', 'merged_company_id', 'kept_contact_id', 'merged_contact_id', 'undone_at');

-- What people said and agreed stays with whom it was said of. What the kept one takes over from it is a line of its own
-- that names the merge: the only lines of these records that can go again, together with their merge.
ALTER TABLE call_wishes ADD COLUMN merge_id bigint;
ALTER TABLE call_wishes ADD CONSTRAINT call_wishes_merge FOREIGN KEY (organization_id, merge_id) REFERENCES merges (organization_id, id);
CREATE INDEX call_wishes_of_merge ON call_wishes (organization_id, merge_id);
GRANT DELETE ON call_wishes TO yui_app;
CREATE POLICY only_with_its_merge ON call_wishes AS RESTRICTIVE FOR DELETE USING (merge_id IS NOT NULL);
ALTER TABLE mail_consents ADD COLUMN merge_id bigint;
ALTER TABLE mail_consents ADD CONSTRAINT mail_consents_merge FOREIGN KEY (organization_id, merge_id) REFERENCES merges (organization_id, id);
CREATE INDEX mail_consents_of_merge ON mail_consents (organization_id, merge_id);
GRANT DELETE ON mail_consents TO yui_app;
CREATE POLICY only_with_its_merge ON mail_consents AS RESTRICTIVE FOR DELETE USING (merge_id IS NOT NULL);
ALTER TABLE client_terms ADD COLUMN merge_id bigint;
ALTER TABLE client_terms ADD CONSTRAINT client_terms_merge FOREIGN KEY (organization_id, merge_id) REFERENCES merges (organization_id, id);
CREATE INDEX client_terms_of_merge ON client_terms (organization_id, merge_id);
GRANT DELETE ON client_terms TO yui_app;
CREATE POLICY only_with_its_merge ON client_terms AS RESTRICTIVE FOR DELETE USING (merge_id IS NOT NULL);

-- Who stands for a company or contact: itself, or what it was merged into in the end. The lock is the foreign key's own and
-- waits for a merge that is under way.
CREATE FUNCTION standing_company(town bigint, company bigint) RETURNS bigint
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    standing bigint := company;
    into_id bigint;
BEGIN
    LOOP
        SELECT merged_into INTO into_id FROM companies WHERE organization_id = town AND id = standing FOR KEY SHARE;
        EXIT WHEN into_id IS NULL;
        standing := into_id;
    END LOOP;
    RETURN standing;
END $$;
CREATE FUNCTION standing_contact(town bigint, contact bigint) RETURNS bigint
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    standing bigint := contact;
    into_id bigint;
BEGIN
    LOOP
        SELECT merged_into INTO into_id FROM contacts WHERE organization_id = town AND id = standing FOR KEY SHARE;
        EXIT WHEN into_id IS NULL;
        standing := into_id;
    END LOOP;
    RETURN standing;
END $$;

-- A row that names what was merged away names what stands for it: a form opened before the merge, a fact told before it.
CREATE FUNCTION follow_merged_company() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    NEW.company_id := standing_company(NEW.organization_id, NEW.company_id);
    RETURN NEW;
END $$;
CREATE FUNCTION follow_merged_contact() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    NEW.contact_id := standing_contact(NEW.organization_id, NEW.contact_id);
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION standing_company(bigint, bigint), standing_contact(bigint, bigint), follow_merged_company(),
    follow_merged_contact() FROM PUBLIC;
-- Whoever writes a row that names one asks who stands for it.
GRANT EXECUTE ON FUNCTION standing_company(bigint, bigint), standing_contact(bigint, bigint) TO yui_app;

CREATE TRIGGER tags_of_standing_companies BEFORE INSERT ON company_tags
    FOR EACH ROW EXECUTE FUNCTION follow_merged_company();
CREATE TRIGGER terms_of_standing_companies BEFORE INSERT ON client_terms
    FOR EACH ROW EXECUTE FUNCTION follow_merged_company();
CREATE TRIGGER wishes_of_standing_contacts BEFORE INSERT ON call_wishes
    FOR EACH ROW EXECUTE FUNCTION follow_merged_contact();
CREATE TRIGGER consents_of_standing_contacts BEFORE INSERT ON mail_consents
    FOR EACH ROW EXECUTE FUNCTION follow_merged_contact();
CREATE TRIGGER contacts_of_standing_companies BEFORE INSERT ON contacts
    FOR EACH ROW EXECUTE FUNCTION follow_merged_company();
CREATE TRIGGER contacts_to_standing_companies BEFORE UPDATE OF company_id ON contacts
    FOR EACH ROW WHEN (NEW.company_id IS DISTINCT FROM OLD.company_id) EXECUTE FUNCTION follow_merged_company();
CREATE TRIGGER leads_of_standing_companies BEFORE INSERT ON leads
    FOR EACH ROW WHEN (NEW.company_id IS NOT NULL) EXECUTE FUNCTION follow_merged_company();
CREATE TRIGGER leads_to_standing_companies BEFORE UPDATE OF company_id ON leads
    FOR EACH ROW WHEN (NEW.company_id IS DISTINCT FROM OLD.company_id AND NEW.company_id IS NOT NULL) EXECUTE FUNCTION follow_merged_company();
CREATE TRIGGER deals_of_standing_companies BEFORE INSERT ON deals
    FOR EACH ROW EXECUTE FUNCTION follow_merged_company();
CREATE TRIGGER deals_to_standing_companies BEFORE UPDATE OF company_id ON deals
    FOR EACH ROW WHEN (NEW.company_id IS DISTINCT FROM OLD.company_id) EXECUTE FUNCTION follow_merged_company();
CREATE TRIGGER orders_of_standing_companies BEFORE INSERT ON orders
    FOR EACH ROW EXECUTE FUNCTION follow_merged_company();
CREATE TRIGGER orders_to_standing_companies BEFORE UPDATE OF company_id ON orders
    FOR EACH ROW WHEN (NEW.company_id IS DISTINCT FROM OLD.company_id) EXECUTE FUNCTION follow_merged_company();
CREATE TRIGGER deals_of_standing_contacts BEFORE INSERT ON deals
    FOR EACH ROW WHEN (NEW.contact_id IS NOT NULL) EXECUTE FUNCTION follow_merged_contact();
CREATE TRIGGER deals_to_standing_contacts BEFORE UPDATE OF contact_id ON deals
    FOR EACH ROW WHEN (NEW.contact_id IS DISTINCT FROM OLD.contact_id AND NEW.contact_id IS NOT NULL) EXECUTE FUNCTION follow_merged_contact();
CREATE TRIGGER orders_of_standing_contacts BEFORE INSERT ON orders
    FOR EACH ROW WHEN (NEW.contact_id IS NOT NULL) EXECUTE FUNCTION follow_merged_contact();
CREATE TRIGGER orders_to_standing_contacts BEFORE UPDATE OF contact_id ON orders
    FOR EACH ROW WHEN (NEW.contact_id IS DISTINCT FROM OLD.contact_id AND NEW.contact_id IS NOT NULL) EXECUTE FUNCTION follow_merged_contact();
CREATE TRIGGER deliveries_of_standing_contacts BEFORE INSERT ON deliveries
    FOR EACH ROW EXECUTE FUNCTION follow_merged_contact();
CREATE TRIGGER deliveries_to_standing_contacts BEFORE UPDATE OF contact_id ON deliveries
    FOR EACH ROW WHEN (NEW.contact_id IS DISTINCT FROM OLD.contact_id) EXECUTE FUNCTION follow_merged_contact();
CREATE TRIGGER messages_of_standing_contacts BEFORE INSERT ON messages
    FOR EACH ROW WHEN (NEW.contact_id IS NOT NULL) EXECUTE FUNCTION follow_merged_contact();
CREATE TRIGGER messages_to_standing_contacts BEFORE UPDATE OF contact_id ON messages
    FOR EACH ROW WHEN (NEW.contact_id IS DISTINCT FROM OLD.contact_id AND NEW.contact_id IS NOT NULL) EXECUTE FUNCTION follow_merged_contact();
