-- Why: a quote is a document; who issued it, from where and under which invoice registration number must stay as issued.

SET LOCAL lock_timeout = '2s';

-- 適格請求書発行事業者の登録番号: T and the thirteen digits of the corporate number.
ALTER TABLE organizations
    ADD COLUMN registration_number text NOT NULL DEFAULT '' CHECK (registration_number ~ '^(T[0-9]{13})?$');

ALTER TABLE quotes
    ADD COLUMN issuer_name text NOT NULL DEFAULT '',
    ADD COLUMN issuer_address text NOT NULL DEFAULT '',
    ADD COLUMN issuer_phone text NOT NULL DEFAULT '',
    ADD COLUMN issuer_email text NOT NULL DEFAULT '',
    ADD COLUMN issuer_registration_number text NOT NULL DEFAULT '';

-- What is known of the issuer of quotes from before: today's settings. Nothing else about them changes.
UPDATE quotes q SET issuer_name = o.legal_name, issuer_address = o.postal_address, issuer_phone = o.contact_phone,
    issuer_email = o.contact_email
FROM organizations o WHERE o.id = q.organization_id;
