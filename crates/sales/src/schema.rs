// The tables this crate owns, as the migrations make them; the test `schemas_match_the_catalogue` compares
// this file with the database's catalogue.

diesel::table! {
    pipelines (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        name -> Text,
        position -> SmallInt,
        created_at -> Timestamptz,
        archived_at -> Nullable<Timestamptz>,
        version -> Integer,
    }
}

diesel::table! {
    board_choices (organization_id, person_id) {
        organization_id -> BigInt,
        person_id -> BigInt,
        pipeline_id -> BigInt,
    }
}

diesel::table! {
    stage_steps (organization_id, stage_id, next_id) {
        organization_id -> BigInt,
        stage_id -> BigInt,
        next_id -> BigInt,
    }
}

diesel::table! {
    stages (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        name -> Text,
        position -> SmallInt,
        kind -> Text,
        probability -> SmallInt,
        idle_days -> SmallInt,
        requires -> Array<Text>,
        created_at -> Timestamptz,
        version -> Integer,
        pipeline_id -> BigInt,
        steps_named -> Bool,
        removed_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    leads (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        company_name -> Text,
        contact_name -> Text,
        email -> Nullable<Text>,
        phone -> Text,
        source -> Text,
        need -> Text,
        state -> Text,
        disqualified_reason -> Nullable<Text>,
        owner_id -> Nullable<BigInt>,
        company_id -> Nullable<BigInt>,
        deal_id -> Nullable<BigInt>,
        created_at -> Timestamptz,
        contacted_at -> Nullable<Timestamptz>,
        closed_at -> Nullable<Timestamptz>,
        version -> Integer,
        next_action -> Nullable<Text>,
        next_action_on -> Nullable<Date>,
        answer_by -> Nullable<Date>,
        inquired_in -> Nullable<Text>,
        search_key -> Text,
        grams -> Array<Text>,
        company_key -> Text,
        disqualified_note -> Text,
        asked_on -> Nullable<Date>,
        changed_at -> Timestamptz,
    }
}

diesel::table! {
    lead_contacts (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        lead_id -> BigInt,
        outcome -> Text,
        note -> Text,
        person_id -> BigInt,
        happened_at -> Timestamptz,
        kind -> Text,
    }
}

diesel::table! {
    lead_files (organization_id, lead_id, file_id) {
        organization_id -> BigInt,
        lead_id -> BigInt,
        file_id -> BigInt,
    }
}

diesel::table! {
    deals (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        title -> Text,
        company_id -> BigInt,
        contact_id -> Nullable<BigInt>,
        stage_id -> BigInt,
        state -> Text,
        owner_id -> BigInt,
        amount -> BigInt,
        expected_close_on -> Nullable<Date>,
        next_action -> Nullable<Text>,
        next_action_on -> Nullable<Date>,
        moved_at -> Timestamptz,
        won_at -> Nullable<Timestamptz>,
        lost_at -> Nullable<Timestamptz>,
        lost_reason -> Nullable<Text>,
        lost_note -> Text,
        slept_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
        version -> Integer,
        title_key -> Text,
        rank -> Text,
        changed_at -> Timestamptz,
        search_key -> Text,
        grams -> Array<Text>,
        amount_basis -> Text,
        repeats_id -> Nullable<BigInt>,
        direct_source -> Nullable<Text>,
    }
}

diesel::table! {
    deal_lines (organization_id, deal_id, position) {
        organization_id -> BigInt,
        deal_id -> BigInt,
        position -> SmallInt,
        job_kind -> Text,
        quantity -> Integer,
        unit_price -> BigInt,
        unit_minutes -> Integer,
    }
}

diesel::table! {
    deal_events (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        deal_id -> BigInt,
        kind -> Text,
        from_stage_id -> Nullable<BigInt>,
        to_stage_id -> BigInt,
        amount -> BigInt,
        actor -> Text,
        happened_at -> Timestamptz,
        note -> Text,
        lost_reason -> Nullable<Text>,
    }
}

diesel::table! {
    hearings (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        deal_id -> BigInt,
        job_kind -> Text,
        volume -> Text,
        deadline -> Text,
        personal_data -> Nullable<Text>,
        tools -> Text,
        note -> Text,
        person_id -> BigInt,
        created_at -> Timestamptz,
        changed_at -> Timestamptz,
        version -> Integer,
    }
}

diesel::table! {
    hearing_files (organization_id, hearing_id, file_id) {
        organization_id -> BigInt,
        hearing_id -> BigInt,
        file_id -> BigInt,
    }
}

diesel::table! {
    activities (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        deal_id -> Nullable<BigInt>,
        kind -> Text,
        outcome -> Text,
        note -> Text,
        person_id -> BigInt,
        happened_at -> Timestamptz,
        created_at -> Timestamptz,
        company_id -> Nullable<BigInt>,
        lead_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    quotes (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        deal_id -> BigInt,
        number -> Integer,
        state -> Text,
        valid_until -> Date,
        deliver_on -> Date,
        terms -> Text,
        subtotal -> BigInt,
        tax -> BigInt,
        total -> BigInt,
        person_id -> BigInt,
        issued_at -> Timestamptz,
        accepted_at -> Nullable<Timestamptz>,
        superseded_at -> Nullable<Timestamptz>,
        issuer_name -> Text,
        issuer_address -> Text,
        issuer_phone -> Text,
        issuer_email -> Text,
        issuer_registration_number -> Text,
        excluded -> Text,
        trial_quantity -> Nullable<Integer>,
        trial_unit_price -> Nullable<BigInt>,
        trial_until -> Nullable<Date>,
    }
}

diesel::table! {
    quote_lines (organization_id, quote_id, position) {
        organization_id -> BigInt,
        quote_id -> BigInt,
        position -> SmallInt,
        description -> Text,
        quantity -> Integer,
        unit_price -> BigInt,
        unit_minutes -> Integer,
        tax_rate -> SmallInt,
    }
}

diesel::table! {
    quote_sendings (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        quote_id -> BigInt,
        contact_id -> BigInt,
        person_id -> BigInt,
        message -> Text,
        secret_hash -> Bytea,
        sent_at -> Timestamptz,
        expires_at -> Timestamptz,
        withdrawn_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    quote_events (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        deal_id -> BigInt,
        quote_id -> BigInt,
        sending_id -> Nullable<BigInt>,
        kind -> Text,
        person_id -> Nullable<BigInt>,
        name -> Text,
        note -> Text,
        order_number -> Text,
        happened_at -> Timestamptz,
    }
}

diesel::table! {
    cost_rates (organization_id, version) {
        organization_id -> BigInt,
        version -> Integer,
        hourly_yen -> BigInt,
        check_percent -> SmallInt,
        redo_percent -> SmallInt,
        fixed_yen -> BigInt,
        margin_percent -> SmallInt,
        source -> Text,
        as_of -> Date,
        recorded_at -> Timestamptz,
        recorded_by -> Text,
    }
}

diesel::table! {
    quote_costs (organization_id, quote_id) {
        organization_id -> BigInt,
        quote_id -> BigInt,
        rates_version -> Integer,
        minutes -> BigInt,
        cost -> BigInt,
        floor_price -> BigInt,
        reason -> Text,
    }
}

diesel::table! {
    quote_promises (organization_id, quote_id) {
        organization_id -> BigInt,
        quote_id -> BigInt,
        half_on -> Nullable<Date>,
        promised_on -> Nullable<Date>,
        nearly_on -> Nullable<Date>,
        gap -> Nullable<Text>,
        late_permille -> SmallInt,
        reckoned_at -> Timestamptz,
    }
}

diesel::table! {
    imports (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        kind -> Text,
        file_id -> BigInt,
        state -> Text,
        person_id -> BigInt,
        created_at -> Timestamptz,
        encoding -> Nullable<Text>,
        separator -> Nullable<Text>,
        headers -> Array<Text>,
        fields -> Array<Text>,
        rows_read -> Integer,
        rows_done -> Integer,
        rows_new -> Integer,
        rows_changed -> Integer,
        rows_same -> Integer,
        rows_bad -> Integer,
        rows_alike -> Integer,
        rows_created -> Integer,
        rows_updated -> Integer,
        rows_undone -> Integer,
        rows_kept -> Integer,
        problem -> Nullable<Text>,
        problem_line -> Nullable<BigInt>,
        forgotten_at -> Nullable<Timestamptz>,
        undone_by -> Nullable<BigInt>,
        header_line -> Nullable<BigInt>,
        beside -> Jsonb,
    }
}

diesel::table! {
    import_rows (organization_id, import_id, number) {
        organization_id -> BigInt,
        import_id -> BigInt,
        number -> Integer,
        line -> BigInt,
        cells -> Array<Text>,
        is_unclosed -> Bool,
        verdict -> Nullable<Text>,
        identity -> Nullable<Text>,
        problems -> Nullable<Jsonb>,
        alike -> Nullable<Jsonb>,
        outcome -> Nullable<Text>,
        target_id -> Nullable<BigInt>,
        target_version -> Nullable<Integer>,
        before -> Nullable<Jsonb>,
        unique_key -> Nullable<Text>,
        alike_lines -> Nullable<Jsonb>,
        like_name -> Nullable<Text>,
        like_reach -> Nullable<Text>,
        like_site -> Nullable<Text>,
        changes -> Nullable<Jsonb>,
        repeats_line -> Nullable<BigInt>,
    }
}

diesel::table! {
    import_columns (organization_id, kind, shape) {
        organization_id -> BigInt,
        kind -> Text,
        shape -> Text,
        fields -> Array<Text>,
        beside -> Jsonb,
    }
}

diesel::table! {
    import_keys (organization_id, kind, external_id) {
        organization_id -> BigInt,
        kind -> Text,
        external_id -> Text,
        target_id -> BigInt,
        import_id -> BigInt,
        former_target_id -> Nullable<BigInt>,
        former_import_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    saved_views (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        kind -> Text,
        name -> Text,
        person_id -> BigInt,
        is_shared -> Bool,
        shown -> Array<Text>,
        sort -> Text,
        created_at -> Timestamptz,
        version -> Integer,
    }
}

diesel::table! {
    view_rows (organization_id, view_id, number) {
        organization_id -> BigInt,
        view_id -> BigInt,
        number -> SmallInt,
        group_number -> Nullable<SmallInt>,
        joined -> Nullable<Text>,
        field -> Nullable<Text>,
        operator -> Nullable<Text>,
        chosen -> Array<Text>,
        labels -> Array<Text>,
    }
}

diesel::table! {
    bulk_edits (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        kind -> Text,
        field -> Text,
        value -> Text,
        label -> Text,
        state -> Text,
        person_id -> BigInt,
        created_at -> Timestamptz,
        rows_total -> Integer,
        rows_done -> Integer,
        rows_change -> Integer,
        rows_same -> Integer,
        rows_refused -> Integer,
        rows_changed -> Integer,
        rows_left -> Integer,
        rows_undone -> Integer,
        rows_kept -> Integer,
    }
}

diesel::table! {
    bulk_edit_rows (organization_id, edit_id, number) {
        organization_id -> BigInt,
        edit_id -> BigInt,
        number -> Integer,
        target_id -> BigInt,
        name -> Text,
        version -> Nullable<Integer>,
        verdict -> Nullable<Text>,
        outcome -> Nullable<Text>,
        reason -> Nullable<Text>,
        before -> Nullable<Text>,
        after_version -> Nullable<Integer>,
    }
}

diesel::table! {
    todos (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        title -> Text,
        due_on -> Date,
        due_time -> Nullable<Time>,
        deal_id -> Nullable<BigInt>,
        company_id -> Nullable<BigInt>,
        lead_id -> Nullable<BigInt>,
        person_id -> BigInt,
        asked_by -> BigInt,
        note -> Text,
        created_at -> Timestamptz,
        changed_at -> Timestamptz,
        done_at -> Nullable<Timestamptz>,
        version -> Integer,
    }
}

diesel::table! {
    day_reminders (organization_id, person_id, day) {
        organization_id -> BigInt,
        person_id -> BigInt,
        day -> Date,
        reminded_at -> Timestamptz,
    }
}

diesel::table! {
    calendar_feeds (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        person_id -> BigInt,
        secret_hash -> Bytea,
        created_at -> Timestamptz,
        ended_at -> Nullable<Timestamptz>,
        read_at -> Nullable<Timestamptz>,
        reads -> Integer,
        reads_since -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    meetings (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        held_on -> Date,
        begins_at -> Nullable<Time>,
        minutes -> Text,
        agenda -> Nullable<Jsonb>,
        person_id -> BigInt,
        created_at -> Timestamptz,
        changed_at -> Timestamptz,
        closed_at -> Nullable<Timestamptz>,
        version -> Integer,
    }
}

diesel::table! {
    meeting_people (organization_id, meeting_id, person_id) {
        organization_id -> BigInt,
        meeting_id -> BigInt,
        person_id -> BigInt,
    }
}

diesel::table! {
    findings (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        title -> Text,
        state -> Text,
        person_id -> BigInt,
        created_at -> Timestamptz,
        settled_at -> Nullable<Timestamptz>,
        version -> Integer,
        kind -> Text,
        evidence -> Text,
        owner_id -> Nullable<BigInt>,
        due_on -> Nullable<Date>,
        decision -> Text,
        decided_at -> Nullable<Timestamptz>,
        decided_by -> Nullable<BigInt>,
        session_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    advice_sessions (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        held_on -> Date,
        way -> Text,
        minutes -> Nullable<Integer>,
        adviser -> Text,
        asked -> Text,
        advised -> Text,
        owner_id -> BigInt,
        state -> Text,
        report_due_on -> Nullable<Date>,
        report -> Text,
        reported_on -> Nullable<Date>,
        questionnaire_from -> Nullable<Date>,
        questionnaire_until -> Nullable<Date>,
        answered_on -> Nullable<Date>,
        person_id -> BigInt,
        created_at -> Timestamptz,
        version -> Integer,
    }
}

diesel::table! {
    advice_alerts (organization_id, session_id, clock) {
        organization_id -> BigInt,
        session_id -> BigInt,
        clock -> Text,
        told_at -> Timestamptz,
    }
}

diesel::table! {
    meeting_decisions (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        meeting_id -> BigInt,
        todo_id -> Nullable<BigInt>,
        finding_id -> Nullable<BigInt>,
        person_id -> BigInt,
        decided_at -> Timestamptz,
    }
}

diesel::table! {
    team_policies (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        number -> Integer,
        body -> Text,
        person_id -> BigInt,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    team_places (organization_id, person_id) {
        organization_id -> BigInt,
        person_id -> BigInt,
        area -> Text,
        weekly_minutes -> Integer,
        changed_at -> Timestamptz,
        version -> Integer,
    }
}

diesel::table! {
    target_plans (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        fiscal_year -> Integer,
        number -> Integer,
        starts_on -> Date,
        reason -> Text,
        person_id -> BigInt,
        created_at -> Timestamptz,
        closed_at -> Nullable<Timestamptz>,
        closed_by -> Nullable<BigInt>,
    }
}

diesel::table! {
    targets (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        plan_id -> BigInt,
        metric -> Text,
        scope -> Text,
        person_id -> Nullable<BigInt>,
        tag_id -> Nullable<BigInt>,
        tag_name -> Nullable<Text>,
        period -> Text,
        amount -> BigInt,
        is_above_meant -> Bool,
        reason -> Text,
        set_by -> BigInt,
        set_at -> Timestamptz,
    }
}

diesel::table! {
    forecast_adjustments (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        first_on -> Date,
        last_on -> Date,
        person_id -> BigInt,
        side -> Text,
        amount -> BigInt,
        reason -> Text,
        set_by -> BigInt,
        set_at -> Timestamptz,
    }
}

diesel::table! {
    forecast_snapshots (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        week_on -> Date,
        taken_at -> Timestamptz,
        missed_weeks -> Integer,
        won_since -> Date,
    }
}

diesel::table! {
    forecast_snapshot_deals (organization_id, snapshot_id, deal_id) {
        organization_id -> BigInt,
        snapshot_id -> BigInt,
        deal_id -> BigInt,
        owner_id -> BigInt,
        stage_id -> BigInt,
        state -> Text,
        amount -> BigInt,
        probability -> SmallInt,
        expected_close_on -> Nullable<Date>,
        won_on -> Nullable<Date>,
    }
}

diesel::table! {
    milestones (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        fiscal_year -> Integer,
        title -> Text,
        note -> Text,
        owner_id -> BigInt,
        planned_on -> Date,
        due_on -> Date,
        metric -> Nullable<Text>,
        amount -> Nullable<BigInt>,
        state -> Text,
        done_on -> Nullable<Date>,
        created_by -> BigInt,
        created_at -> Timestamptz,
        version -> Integer,
    }
}

diesel::table! {
    milestone_needs (organization_id, milestone_id, needs_id) {
        organization_id -> BigInt,
        milestone_id -> BigInt,
        needs_id -> BigInt,
    }
}

diesel::table! {
    milestone_moves (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        milestone_id -> BigInt,
        from_on -> Date,
        to_on -> Date,
        reason -> Text,
        person_id -> BigInt,
        moved_at -> Timestamptz,
    }
}

diesel::table! {
    milestone_alerts (organization_id, milestone_id, due_on) {
        organization_id -> BigInt,
        milestone_id -> BigInt,
        due_on -> Date,
        told_at -> Timestamptz,
    }
}

diesel::table! {
    target_alerts (organization_id, target_id, month_on) {
        organization_id -> BigInt,
        target_id -> BigInt,
        month_on -> Date,
        told_at -> Timestamptz,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    pipelines,
    board_choices,
    stages,
    stage_steps,
    leads,
    deals,
    deal_lines,
    deal_events,
    activities,
    quotes,
    quote_lines,
    quote_sendings,
    quote_events
);

diesel::allow_tables_to_appear_in_same_query!(meetings, meeting_people);
diesel::allow_tables_to_appear_in_same_query!(target_plans, targets, target_alerts);
