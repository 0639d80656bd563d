ALTER TABLE quotes
    DROP COLUMN issuer_registration_number,
    DROP COLUMN issuer_email,
    DROP COLUMN issuer_phone,
    DROP COLUMN issuer_address,
    DROP COLUMN issuer_name;
ALTER TABLE organizations DROP COLUMN registration_number;
