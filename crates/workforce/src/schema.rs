// The tables this crate owns, as the migrations make them; the test `schemas_match_the_catalogue` compares
// this file with the database's catalogue.

diesel::table! {
    skills (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        name -> Text,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    workers (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        person_id -> BigInt,
        state -> Text,
        registered_on -> Nullable<Date>,
        withdrawn_on -> Nullable<Date>,
        withdrawal_reason -> Nullable<Text>,
        weekly_minutes -> Integer,
        created_at -> Timestamptz,
        version -> Integer,
        phone -> Text,
        stands_since -> Date,
    }
}

diesel::table! {
    week_windows (organization_id, worker_id, weekday, starts_minute) {
        organization_id -> BigInt,
        worker_id -> BigInt,
        weekday -> SmallInt,
        starts_minute -> SmallInt,
        ends_minute -> SmallInt,
    }
}

diesel::table! {
    offered_days (organization_id, worker_id, day) {
        organization_id -> BigInt,
        worker_id -> BigInt,
        day -> Date,
        is_off -> Bool,
        told_today -> Bool,
    }
}

diesel::table! {
    day_windows (organization_id, worker_id, day, starts_minute) {
        organization_id -> BigInt,
        worker_id -> BigInt,
        day -> Date,
        starts_minute -> SmallInt,
        ends_minute -> SmallInt,
    }
}

diesel::table! {
    work_conditions (organization_id, worker_id, condition) {
        organization_id -> BigInt,
        worker_id -> BigInt,
        condition -> Text,
    }
}

diesel::table! {
    courses (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        title -> Text,
        about -> Text,
        skill_id -> Nullable<BigInt>,
        level -> SmallInt,
        valid_months -> Nullable<SmallInt>,
        seats -> Integer,
        taken -> Integer,
        way -> Text,
        place -> Text,
        is_paid -> Bool,
        state -> Text,
        first_at -> Timestamptz,
        last_at -> Timestamptz,
        reminded_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
        version -> Integer,
    }
}

diesel::table! {
    course_days (organization_id, course_id, starts_at) {
        organization_id -> BigInt,
        course_id -> BigInt,
        starts_at -> Timestamptz,
        ends_at -> Timestamptz,
    }
}

diesel::table! {
    enrolments (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        course_id -> BigInt,
        worker_id -> BigInt,
        state -> Text,
        enrolled_at -> Timestamptz,
        changed_at -> Timestamptz,
    }
}

diesel::table! {
    trials (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        worker_id -> BigInt,
        skill_id -> BigInt,
        level -> SmallInt,
        units -> Integer,
        good -> Integer,
        outcome -> Text,
        findings -> Text,
        assessed_by -> Nullable<BigInt>,
        assessed_at -> Timestamptz,
    }
}

diesel::table! {
    interviews (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        worker_id -> BigInt,
        starts_at -> Timestamptz,
        way -> Text,
        interviewer_id -> BigInt,
        state -> Text,
        outcome -> Nullable<Text>,
        created_at -> Timestamptz,
        version -> Integer,
    }
}

diesel::table! {
    worker_events (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        worker_id -> BigInt,
        kind -> Text,
        reason -> Nullable<Text>,
        happened_on -> Date,
        actor -> Text,
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    worker_skills (organization_id, worker_id, skill_id) {
        organization_id -> BigInt,
        worker_id -> BigInt,
        skill_id -> BigInt,
        level -> SmallInt,
        expires_on -> Nullable<Date>,
        created_at -> Timestamptz,
        evidence -> Text,
        evidence_note -> Text,
        file_id -> Nullable<BigInt>,
        confirmed_by -> Nullable<BigInt>,
        confirmed_on -> Nullable<Date>,
        warned_for -> Nullable<Date>,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    courses,
    course_days,
    day_windows,
    enrolments,
    interviews,
    offered_days,
    skills,
    trials,
    week_windows,
    work_conditions,
    workers,
    worker_events,
    worker_skills,
);
