// The tables this crate owns, as the migrations make them; the test `schemas_match_the_catalogue` compares
// this file with the database's catalogue.

diesel::table! {
    organizations (id) {
        id -> BigInt,
        slug -> Text,
        name -> Text,
        kind -> Text,
        municipal_code -> Nullable<Text>,
        language -> Text,
        legal_name -> Text,
        postal_address -> Text,
        contact_email -> Text,
        contact_phone -> Text,
        population -> Nullable<Integer>,
        population_as_of -> Nullable<Date>,
        created_at -> Timestamptz,
        version -> Integer,
        registration_number -> Text,
        answer_days -> Nullable<SmallInt>,
        question_hours -> SmallInt,
        fiscal_start_month -> SmallInt,
        bank_account -> Text,
    }
}

diesel::table! {
    persons (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        family_name -> Text,
        given_name -> Text,
        family_kana -> Text,
        given_kana -> Text,
        email -> Nullable<Text>,
        email_key -> Nullable<Text>,
        password_hash -> Nullable<Text>,
        language -> Text,
        text_size -> Text,
        face -> Text,
        theme -> Text,
        state -> Text,
        created_at -> Timestamptz,
        version -> Integer,
    }
}

diesel::table! {
    memberships (organization_id, person_id, role) {
        organization_id -> BigInt,
        person_id -> BigInt,
        role -> Text,
        granted_at -> Timestamptz,
    }
}

diesel::table! {
    sessions (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        person_id -> BigInt,
        secret_hash -> Bytea,
        user_agent -> Text,
        created_at -> Timestamptz,
        seen_at -> Timestamptz,
        expires_at -> Timestamptz,
    }
}

diesel::table! {
    one_time_tokens (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        person_id -> BigInt,
        purpose -> Text,
        secret_hash -> Bytea,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
        used_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    api_tokens (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        person_id -> BigInt,
        name -> Text,
        secret_hash -> Bytea,
        access -> Text,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
        used_at -> Nullable<Timestamptz>,
        revoked_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    rate_buckets (organization_id, key) {
        organization_id -> BigInt,
        key -> Bytea,
        failures -> Integer,
        blocked_until -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    organizations,
    persons,
    memberships,
    sessions,
    one_time_tokens,
    api_tokens,
    rate_buckets
);
