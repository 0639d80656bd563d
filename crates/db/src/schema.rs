// The tables this crate owns, as the migrations make them; the test `schemas_match_the_catalogue` compares
// this file with the database's catalogue.

diesel::table! {
    audit_entries (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        at -> Timestamptz,
        actor -> Text,
        request -> Text,
        table_name -> Text,
        operation -> Text,
        row_id -> Nullable<Text>,
        changed -> Array<Text>,
        kept -> Jsonb,
    }
}

diesel::table! {
    idempotency_keys (organization_id, person_id, key) {
        organization_id -> BigInt,
        key -> Text,
        digest -> Bytea,
        status -> SmallInt,
        body -> Text,
        created_at -> Timestamptz,
        person_id -> BigInt,
    }
}

diesel::allow_tables_to_appear_in_same_query!(audit_entries, idempotency_keys);
