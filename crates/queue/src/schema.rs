// The tables this crate owns, as the migrations make them; the test `schemas_match_the_catalogue` compares
// this file with the database's catalogue.

diesel::table! {
    events (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        kind -> Text,
        payload -> Jsonb,
        actor -> Text,
        occurred_at -> Timestamptz,
    }
}

diesel::table! {
    tasks (id) {
        id -> BigInt,
        organization_id -> BigInt,
        kind -> Text,
        priority -> SmallInt,
        state -> Text,
        run_at -> Timestamptz,
        attempt -> SmallInt,
        max_attempts -> SmallInt,
        lease -> Nullable<BigInt>,
        lease_until -> Nullable<Timestamptz>,
        unique_key -> Nullable<Text>,
        payload -> Jsonb,
    }
}

diesel::table! {
    task_failures (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        task_id -> BigInt,
        attempt -> SmallInt,
        error -> Text,
        failed_at -> Timestamptz,
    }
}

diesel::table! {
    finished_tasks (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        kind -> Text,
        attempt -> SmallInt,
        finished_at -> Timestamptz,
    }
}

diesel::allow_tables_to_appear_in_same_query!(events, tasks, task_failures, finished_tasks);
