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
        urgency -> SmallInt,
        opens -> Nullable<SmallInt>,
        closes -> Nullable<SmallInt>,
        zone -> Nullable<Text>,
        concerns -> Nullable<Text>,
        text_version -> Nullable<Integer>,
        turn_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    message_bytes (organization_id, message_id) {
        organization_id -> BigInt,
        message_id -> BigInt,
        bytes -> Bytea,
        sha256 -> Bytea,
        search_key -> Text,
        grams -> Array<Text>,
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
    message_troubles (organization_id, message_id) {
        organization_id -> BigInt,
        message_id -> BigInt,
        at -> Timestamptz,
        stage -> Text,
        reply -> Nullable<Text>,
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

diesel::table! {
    message_events (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        message_id -> BigInt,
        at -> Timestamptz,
        kind -> Text,
        actor -> Text,
        detail -> Text,
    }
}

diesel::table! {
    mail_settings (organization_id, person_id) {
        organization_id -> BigInt,
        person_id -> BigInt,
        work -> Bool,
        offers -> Text,
        digest_hour -> SmallInt,
        news -> Bool,
        opens -> SmallInt,
        closes -> SmallInt,
        zone -> Text,
        changed_at -> Timestamptz,
        version -> Integer,
    }
}

diesel::table! {
    mail_consents (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        contact_id -> BigInt,
        basis -> Text,
        note -> Text,
        recorded_at -> Timestamptz,
        recorded_by -> Text,
        merge_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    mail_digest_items (organization_id, person_id, concerns) {
        organization_id -> BigInt,
        person_id -> BigInt,
        concerns -> Text,
        added_at -> Timestamptz,
        due_at -> Timestamptz,
    }
}

diesel::table! {
    mail_suppressions (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        address_key -> Text,
        message_id -> Nullable<BigInt>,
        since -> Timestamptz,
        lifted_at -> Nullable<Timestamptz>,
        lifted_by -> Nullable<Text>,
        lift_reason -> Nullable<Text>,
        reason -> Text,
        category -> Nullable<Text>,
        expires_at -> Nullable<Timestamptz>,
        note -> Nullable<Text>,
        added_by -> Text,
    }
}

diesel::table! {
    mail_calls (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        message_id -> Nullable<BigInt>,
        reason -> Text,
        opened_at -> Timestamptz,
        done_at -> Nullable<Timestamptz>,
        done_by -> Nullable<BigInt>,
        note -> Text,
        event_id -> Nullable<BigInt>,
        person_id -> Nullable<BigInt>,
        name -> Nullable<Text>,
        language -> Nullable<Text>,
        subject -> Nullable<Text>,
        concerns -> Nullable<Text>,
        category -> Nullable<Text>,
    }
}

diesel::table! {
    mail_texts (organization_id, template, language, version) {
        organization_id -> BigInt,
        template -> Text,
        language -> Text,
        version -> Integer,
        subject -> Nullable<Text>,
        body -> Nullable<Text>,
        written_at -> Timestamptz,
        written_by -> Text,
    }
}

diesel::table! {
    webhook_endpoints (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        url -> Text,
        kinds -> Array<Text>,
        note -> Text,
        state -> Text,
        stopped_for -> Nullable<Text>,
        failing_since -> Nullable<Timestamptz>,
        key_version -> Integer,
        rotated_at -> Nullable<Timestamptz>,
        version -> Integer,
        created_at -> Timestamptz,
        created_by -> Text,
    }
}

diesel::table! {
    webhook_deliveries (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        endpoint_id -> BigInt,
        event_id -> Nullable<BigInt>,
        message -> Text,
        kind -> Text,
        body -> Text,
        state -> Text,
        attempts -> SmallInt,
        status -> Nullable<SmallInt>,
        problem -> Text,
        replay_of -> Nullable<BigInt>,
        created_at -> Timestamptz,
        ended_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    notice_reads (organization_id, person_id, message_id) {
        organization_id -> BigInt,
        person_id -> BigInt,
        message_id -> BigInt,
        read_at -> Timestamptz,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    messages,
    message_bytes,
    message_attempts,
    message_events,
    sandbox_mails,
    mail_calls,
    mail_suppressions,
    webhook_endpoints,
    webhook_deliveries,
);
