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
        join_at -> Text,
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

diesel::table! {
    places (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        name -> Text,
        kind -> Text,
        opens_at -> Time,
        closes_at -> Time,
        weekdays -> SmallInt,
        access_note -> Text,
        created_at -> Timestamptz,
        retired_at -> Nullable<Timestamptz>,
        version -> Integer,
    }
}

diesel::table! {
    visits (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        body_name -> Text,
        contact -> Text,
        people -> SmallInt,
        begins_at -> Timestamptz,
        ends_at -> Timestamptz,
        wish -> Text,
        state -> Text,
        guide_id -> Nullable<BigInt>,
        place_id -> Nullable<BigInt>,
        answer -> Text,
        person_id -> BigInt,
        created_at -> Timestamptz,
        answered_at -> Nullable<Timestamptz>,
        cancelled_at -> Nullable<Timestamptz>,
        version -> Integer,
    }
}

diesel::table! {
    bookings (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        place_id -> BigInt,
        kind -> Text,
        person_id -> Nullable<BigInt>,
        visit_id -> Nullable<BigInt>,
        note -> Text,
        begins_at -> Timestamptz,
        ends_at -> Timestamptz,
        booked_by -> BigInt,
        created_at -> Timestamptz,
        cancelled_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    bank_accounts (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        worker_id -> BigInt,
        key_id -> Text,
        sealed -> Bytea,
        changed_at -> Timestamptz,
        version -> Integer,
    }
}

diesel::table! {
    invoice_registrations (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        worker_id -> BigInt,
        number -> Nullable<Text>,
        valid_from -> Nullable<Date>,
        valid_to -> Nullable<Date>,
        recorded_by -> BigInt,
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    care_requests (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        worker_id -> BigInt,
        kind -> Text,
        work -> Text,
        wish -> Text,
        state -> Text,
        answer_by -> Date,
        asked_at -> Timestamptz,
        answer -> Text,
        answered_by -> Nullable<BigInt>,
        answered_at -> Nullable<Timestamptz>,
        withdrawn_at -> Nullable<Timestamptz>,
        version -> Integer,
    }
}

diesel::table! {
    voices (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        worker_id -> BigInt,
        body -> Text,
        shown_as -> Text,
        consented_at -> Timestamptz,
        withdrawn_at -> Nullable<Timestamptz>,
        shown_at -> Nullable<Timestamptz>,
        shown_by -> Nullable<BigInt>,
        version -> Integer,
    }
}

diesel::table! {
    harassment_contacts (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        person_id -> Nullable<BigInt>,
        name -> Text,
        reach -> Text,
        created_at -> Timestamptz,
        ended_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    harassment_readers (organization_id, report_id, person_id) {
        organization_id -> BigInt,
        report_id -> BigInt,
        person_id -> BigInt,
        reporter_id -> BigInt,
    }
}

diesel::table! {
    harassment_reports (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        reporter_id -> BigInt,
        shows_name -> Bool,
        state -> Text,
        created_at -> Timestamptz,
        closed_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    harassment_messages (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        report_id -> BigInt,
        person_id -> BigInt,
        from_reporter -> Bool,
        body -> Text,
        written_at -> Timestamptz,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    bank_accounts,
    care_requests,
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
