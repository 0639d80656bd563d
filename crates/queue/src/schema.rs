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
        payload -> Nullable<Jsonb>,
        gate -> Nullable<Text>,
        batch_id -> Nullable<BigInt>,
        cause -> Nullable<Text>,
        rescued -> SmallInt,
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
        cause -> Text,
    }
}

diesel::table! {
    task_payloads (organization_id, task_id) {
        organization_id -> BigInt,
        task_id -> BigInt,
        payload -> Jsonb,
    }
}

diesel::table! {
    task_history (organization_id, id, finished_at) {
        organization_id -> BigInt,
        id -> BigInt,
        kind -> Text,
        attempt -> SmallInt,
        outcome -> Text,
        finished_at -> Timestamptz,
    }
}

diesel::table! {
    task_progress (organization_id, task_id) {
        organization_id -> BigInt,
        task_id -> BigInt,
        done -> BigInt,
        total -> BigInt,
        reported_at -> Timestamptz,
    }
}

diesel::table! {
    task_pauses (organization_id, kind) {
        organization_id -> BigInt,
        kind -> Text,
        actor -> Text,
        paused_at -> Timestamptz,
    }
}

diesel::table! {
    task_decisions (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        decided_at -> Timestamptz,
        actor -> Text,
        deed -> Text,
        kind -> Text,
        task_id -> Nullable<BigInt>,
        tasks -> BigInt,
    }
}

diesel::table! {
    task_batches (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        callback_kind -> Text,
        callback_priority -> SmallInt,
        callback_attempts -> SmallInt,
        callback_gate -> Nullable<Text>,
        callback_payload -> Jsonb,
        size -> BigInt,
        ended_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    task_gates (kind, gate) {
        kind -> Text,
        gate -> Text,
        next_at -> Timestamptz,
    }
}

diesel::table! {
    schedules (name) {
        name -> Text,
        since -> Timestamptz,
    }
}

diesel::table! {
    schedule_ticks (organization_id, schedule, tick) {
        organization_id -> BigInt,
        schedule -> Text,
        tick -> Timestamptz,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    events,
    tasks,
    task_failures,
    task_payloads,
    task_history,
    task_progress,
    task_pauses,
    task_decisions,
    task_batches,
);
