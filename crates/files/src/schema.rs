// The tables this crate owns, as the migrations make them; the test `schemas_match_the_catalogue` compares
// this file with the database's catalogue.

diesel::table! {
    files (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        name -> Text,
        media_type -> Text,
        bytes -> BigInt,
        sha256 -> Bytea,
        storage_key -> Text,
        person_id -> Nullable<BigInt>,
        created_at -> Timestamptz,
    }
}
