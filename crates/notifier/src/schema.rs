// The tables this crate owns, as the migrations make them; the test `schemas_match_the_catalogue` compares
// this file with the database's catalogue.

diesel::table! {
    messages (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        event_id -> Nullable<BigInt>,
        category -> Text,
        template -> Text,
        language -> Text,
        person_id -> Nullable<BigInt>,
        contact_id -> Nullable<BigInt>,
        to_name -> Text,
        to_address -> Text,
        from_address -> Text,
        subject -> Text,
        state -> Text,
        not_before -> Timestamptz,
        expires_at -> Timestamptz,
        attempt -> SmallInt,
        lease -> Nullable<BigInt>,
        lease_until -> Nullable<Timestamptz>,
        message_id -> Text,
        asked_by -> Text,
        resend_of -> Nullable<BigInt>,
        resend_reason -> Nullable<Text>,
        created_at -> Timestamptz,
        ended_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    message_bytes (organization_id, message_id) {
        organization_id -> BigInt,
        message_id -> BigInt,
        bytes -> Bytea,
        sha256 -> Bytea,
    }
}

diesel::table! {
    message_attempts (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        message_id -> BigInt,
        attempt -> SmallInt,
        relay -> Text,
        started_at -> Timestamptz,
        ended_at -> Nullable<Timestamptz>,
        outcome -> Nullable<Text>,
        stage -> Nullable<Text>,
        reason -> Nullable<Text>,
        suppress -> Bool,
        reply -> Nullable<Text>,
        transcript -> Nullable<Text>,
    }
}

diesel::table! {
    sandbox_mails (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        received_at -> Timestamptz,
        sender -> Text,
        recipient -> Text,
        raw -> Bytea,
    }
}

diesel::allow_tables_to_appear_in_same_query!(messages, message_bytes, message_attempts, sandbox_mails);
