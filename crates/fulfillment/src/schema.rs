// The tables this crate owns, as the migrations make them; the test `schemas_match_the_catalogue` compares
// this file with the database's catalogue.

diesel::table! {
    orders (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        deal_id -> BigInt,
        company_id -> BigInt,
        contact_id -> Nullable<BigInt>,
        title -> Text,
        state -> Text,
        amount -> BigInt,
        due_on -> Date,
        client_terms -> Text,
        created_at -> Timestamptz,
        started_at -> Nullable<Timestamptz>,
        ended_at -> Nullable<Timestamptz>,
        version -> Integer,
        short_reason -> Nullable<Text>,
        withdrawn_because -> Nullable<Text>,
        repeats_id -> Nullable<BigInt>,
        re_entrusted -> Bool,
        original_client -> Text,
        original_pay_on -> Nullable<Date>,
        made_for -> BigInt,
    }
}

diesel::table! {
    repeat_wishes (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        order_id -> BigInt,
        delivery_id -> BigInt,
        name -> Text,
        wished_on -> Date,
        note -> Text,
        state -> Text,
        wished_at -> Timestamptz,
        decided_at -> Nullable<Timestamptz>,
        decided_by -> Nullable<BigInt>,
    }
}

diesel::table! {
    order_due_moves (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        order_id -> BigInt,
        from_day -> Date,
        to_day -> Date,
        agreement -> Text,
        moved_by -> BigInt,
        moved_at -> Timestamptz,
    }
}

diesel::table! {
    order_lines (organization_id, order_id, position) {
        organization_id -> BigInt,
        order_id -> BigInt,
        position -> SmallInt,
        description -> Text,
        quantity -> Integer,
        unit_price -> BigInt,
        unit_minutes -> Integer,
        tax_rate -> SmallInt,
    }
}

diesel::table! {
    jobs (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        order_id -> BigInt,
        title -> Text,
        rules -> Text,
        state -> Text,
        unit_minutes -> Integer,
        unit_pay -> BigInt,
        skill_id -> Nullable<BigInt>,
        work_due_on -> Date,
        inspect_days -> SmallInt,
        offered_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
        version -> Integer,
        unit_pieces -> Integer,
        pay_day -> SmallInt,
        offer_rule -> Text,
        offer_wave -> SmallInt,
        pool_opened_at -> Nullable<Timestamptz>,
        pool_alerted_at -> Nullable<Timestamptz>,
        skill_level -> SmallInt,
        asks_phone -> Bool,
        asks_video -> Bool,
        asks_long_slots -> Bool,
        keep_days -> SmallInt,
        rules_number -> Integer,
        original_pay_on -> Nullable<Date>,
        fixed_pay_on -> Nullable<Date>,
        order_line -> Nullable<SmallInt>,
        review_levels -> SmallInt,
        lacks_material -> Bool,
    }
}

diesel::table! {
    order_outlooks (organization_id, order_id) {
        organization_id -> BigInt,
        order_id -> BigInt,
        reckoned_at -> Timestamptz,
        due_on -> Date,
        minutes_left -> BigInt,
        half_on -> Nullable<Date>,
        promised_on -> Nullable<Date>,
        nearly_on -> Nullable<Date>,
        late_permille -> SmallInt,
        gap -> Nullable<Text>,
        remedy -> Nullable<Text>,
        remedy_units -> Nullable<Integer>,
        remedy_from -> Nullable<BigInt>,
        remedy_to -> Nullable<BigInt>,
    }
}

diesel::table! {
    order_promises (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        order_id -> BigInt,
        promised_on -> Nullable<Date>,
        cause -> Text,
        made_at -> Timestamptz,
        due_on -> Date,
        minutes_whole -> BigInt,
        minutes_left -> BigInt,
        minutes_offered -> BigInt,
        late_permille -> SmallInt,
    }
}

diesel::table! {
    work_rules (organization_id, job_id, number) {
        organization_id -> BigInt,
        job_id -> BigInt,
        number -> Integer,
        text -> Text,
        note -> Text,
        changed_by -> Nullable<BigInt>,
        changed_at -> Timestamptz,
        question_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    job_samples (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        job_id -> BigInt,
        kind -> Text,
        file_id -> BigInt,
        note -> Text,
        added_by -> BigInt,
        added_at -> Timestamptz,
        removed_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    job_questions (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        job_id -> BigInt,
        asked_by -> BigInt,
        text -> Text,
        asked_at -> Timestamptz,
        answer_by -> Timestamptz,
        answered_at -> Nullable<Timestamptz>,
        alerted_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    job_answers (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        question_id -> BigInt,
        text -> Text,
        answered_by -> BigInt,
        answered_at -> Timestamptz,
    }
}

diesel::table! {
    rules_readings (organization_id, job_id, person_id) {
        organization_id -> BigInt,
        job_id -> BigInt,
        person_id -> BigInt,
        number -> Integer,
        read_at -> Timestamptz,
    }
}

diesel::table! {
    job_extensions (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        job_id -> BigInt,
        from_day -> Date,
        to_day -> Date,
        note -> Text,
        extended_by -> BigInt,
        extended_at -> Timestamptz,
    }
}

diesel::table! {
    units (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        order_id -> BigInt,
        job_id -> BigInt,
        position -> Integer,
        label -> Text,
        content -> Text,
        state -> Text,
        passed_basis -> Nullable<Text>,
        holder_id -> Nullable<BigInt>,
        cancel_fault -> Nullable<Text>,
        compensation -> Nullable<BigInt>,
        version -> Integer,
        due_on -> Nullable<Date>,
    }
}

diesel::table! {
    unit_counts (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        order_id -> BigInt,
        job_id -> BigInt,
        state -> Text,
        holder_id -> Nullable<BigInt>,
        due_on -> Nullable<Date>,
        units -> BigInt,
        folded -> Bool,
    }
}

diesel::table! {
    unit_files (organization_id, unit_id, file_id) {
        organization_id -> BigInt,
        unit_id -> BigInt,
        file_id -> BigInt,
    }
}

diesel::table! {
    unit_events (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        unit_id -> BigInt,
        from_state -> Nullable<Text>,
        to_state -> Text,
        actor -> Text,
        reason -> Nullable<Text>,
        note -> Text,
        happened_at -> Timestamptz,
    }
}

diesel::table! {
    offers (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        job_id -> BigInt,
        worker_id -> BigInt,
        state -> Text,
        offered_at -> Timestamptz,
        answered_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    terms_notices (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        job_id -> BigInt,
        worker_id -> BigInt,
        units -> Integer,
        language -> Text,
        body -> Text,
        sha256 -> Bytea,
        issued_at -> Timestamptz,
        rules_number -> Integer,
    }
}

diesel::table! {
    assignments (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        unit_id -> BigInt,
        worker_id -> BigInt,
        person_id -> BigInt,
        terms_notice_id -> BigInt,
        claimed_at -> Timestamptz,
        due_on -> Date,
        ended_at -> Nullable<Timestamptz>,
        end_kind -> Nullable<Text>,
    }
}

diesel::table! {
    submission_retractions (organization_id, submission_id) {
        organization_id -> BigInt,
        submission_id -> BigInt,
        unit_id -> BigInt,
        retracted_at -> Timestamptz,
    }
}

diesel::table! {
    submissions (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        unit_id -> BigInt,
        assignment_id -> BigInt,
        maker_id -> BigInt,
        number -> Integer,
        memo -> Text,
        submitted_at -> Timestamptz,
        result_text -> Text,
        minutes -> Nullable<Integer>,
        rules_number -> Nullable<Integer>,
    }
}

diesel::table! {
    submission_files (organization_id, submission_id, position) {
        organization_id -> BigInt,
        submission_id -> BigInt,
        position -> SmallInt,
        file_id -> BigInt,
    }
}

diesel::table! {
    reviews (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        unit_id -> BigInt,
        submission_id -> BigInt,
        checker_id -> BigInt,
        verdict -> Text,
        reason -> Nullable<Text>,
        fault -> Nullable<Text>,
        comment -> Text,
        reviewed_at -> Timestamptz,
        coaching -> Bool,
        appeal_by -> Nullable<Date>,
        level -> SmallInt,
        is_last -> Bool,
    }
}

diesel::table! {
    quality_settings (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        lease_minutes -> SmallInt,
        rework_cap -> SmallInt,
        appeal_days -> SmallInt,
        second_look_percent -> SmallInt,
    }
}

diesel::table! {
    review_leases (organization_id, unit_id) {
        organization_id -> BigInt,
        unit_id -> BigInt,
        submission_id -> BigInt,
        checker_id -> BigInt,
        taken_at -> Timestamptz,
        until -> Timestamptz,
    }
}

diesel::table! {
    job_checks (organization_id, job_id, number) {
        organization_id -> BigInt,
        job_id -> BigInt,
        number -> Integer,
        rework_cap -> Nullable<SmallInt>,
        changed_by -> BigInt,
        changed_at -> Timestamptz,
    }
}

diesel::table! {
    job_check_items (organization_id, job_id, number, position) {
        organization_id -> BigInt,
        job_id -> BigInt,
        number -> Integer,
        position -> SmallInt,
        text -> Text,
    }
}

diesel::table! {
    review_answers (organization_id, review_id, position) {
        organization_id -> BigInt,
        review_id -> BigInt,
        position -> SmallInt,
        job_id -> BigInt,
        number -> Integer,
        answer -> Text,
    }
}

diesel::table! {
    defect_kinds (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        name -> Text,
        severity -> Text,
        retired_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    review_remarks (organization_id, review_id, position) {
        organization_id -> BigInt,
        review_id -> BigInt,
        position -> SmallInt,
        defect_kind_id -> Nullable<BigInt>,
        severity -> Nullable<Text>,
        file_id -> Nullable<BigInt>,
        line -> Nullable<Integer>,
        text -> Text,
    }
}

diesel::table! {
    coachings (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        review_id -> BigInt,
        unit_id -> BigInt,
        person_id -> BigInt,
        opened_at -> Timestamptz,
        note -> Text,
        coach_id -> Nullable<BigInt>,
        held_on -> Nullable<Date>,
        closed_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    review_appeals (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        review_id -> BigInt,
        unit_id -> BigInt,
        submission_id -> BigInt,
        appellant_id -> BigInt,
        text -> Text,
        appealed_at -> Timestamptz,
        decide_by -> Date,
        outcome -> Nullable<Text>,
        decided_by -> Nullable<BigInt>,
        comment -> Text,
        decided_at -> Nullable<Timestamptz>,
        due_on -> Nullable<Date>,
    }
}

diesel::table! {
    client_questions (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        delivery_id -> BigInt,
        name -> Text,
        question -> Text,
        asked_at -> Timestamptz,
        answer -> Nullable<Text>,
        answered_at -> Nullable<Timestamptz>,
        answered_by -> Nullable<BigInt>,
    }
}

diesel::table! {
    deliveries (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        order_id -> BigInt,
        contact_id -> BigInt,
        number -> Integer,
        state -> Text,
        message -> Text,
        inspect_until -> Date,
        sent_at -> Timestamptz,
        sent_by -> BigInt,
        answered_at -> Nullable<Timestamptz>,
        answered_name -> Nullable<Text>,
        version -> Integer,
        silence_accepts -> Bool,
    }
}

diesel::table! {
    delivery_units (organization_id, delivery_id, unit_id) {
        organization_id -> BigInt,
        delivery_id -> BigInt,
        unit_id -> BigInt,
        submission_id -> BigInt,
        answer -> Nullable<Text>,
        fix_note -> Text,
        answered_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    delivery_links (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        delivery_id -> BigInt,
        secret_hash -> Bytea,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
        revoked_at -> Nullable<Timestamptz>,
        code_hash -> Nullable<Bytea>,
        code_expires_at -> Nullable<Timestamptz>,
        code_tries -> SmallInt,
        typed_answer -> Nullable<Text>,
    }
}

diesel::table! {
    delivery_accesses (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        delivery_id -> BigInt,
        kind -> Text,
        happened_at -> Timestamptz,
    }
}

diesel::table! {
    fix_decisions (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        unit_id -> BigInt,
        delivery_id -> Nullable<BigInt>,
        fault -> Text,
        mender -> Text,
        extra_pay -> BigInt,
        due_on -> Date,
        comment -> Text,
        terms_notice_id -> Nullable<BigInt>,
        decided_by -> BigInt,
        decided_at -> Timestamptz,
        review_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    earnings (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        unit_id -> BigInt,
        person_id -> BigInt,
        kind -> Text,
        fix_decision_id -> Nullable<BigInt>,
        terms_notice_id -> BigInt,
        amount -> BigInt,
        received_on -> Date,
        pay_day -> SmallInt,
        earned_at -> Timestamptz,
        hand_over_id -> Nullable<BigInt>,
        fixed_pay_on -> Nullable<Date>,
    }
}

diesel::table! {
    earning_watches (organization_id, person_id) {
        organization_id -> BigInt,
        person_id -> BigInt,
        yearly_limit -> Nullable<BigInt>,
        set_at -> Timestamptz,
    }
}

diesel::table! {
    job_withholdings (organization_id, job_id, number) {
        organization_id -> BigInt,
        job_id -> BigInt,
        number -> Integer,
        kind -> Text,
        withheld -> Bool,
        reason -> Text,
        decided_by -> BigInt,
        decided_at -> Timestamptz,
    }
}

diesel::table! {
    pay_closings (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        closed_on -> Date,
        closed_by -> BigInt,
        closed_at -> Timestamptz,
        statements -> Integer,
        amount -> BigInt,
        left_jobs -> Integer,
        left_amount -> BigInt,
    }
}

diesel::table! {
    statements (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        worker_id -> BigInt,
        person_id -> BigInt,
        pay_on -> Date,
        pay_by -> Date,
        created_at -> Timestamptz,
        version -> Integer,
        payable -> BigInt,
        answer -> Nullable<Text>,
        answered_at -> Nullable<Timestamptz>,
        objection -> Text,
        paid_on -> Nullable<Date>,
        paid_by -> Nullable<BigInt>,
        paid_noted_at -> Nullable<Timestamptz>,
        undone -> Integer,
        transfer_file_id -> Nullable<BigInt>,
        takes_more -> Bool,
    }
}

diesel::table! {
    statement_undone_payments (organization_id, statement_id, number) {
        organization_id -> BigInt,
        statement_id -> BigInt,
        number -> Integer,
        version -> Integer,
        payable -> BigInt,
        paid_on -> Date,
        paid_by -> BigInt,
        paid_noted_at -> Timestamptz,
        reason -> Text,
        undone_by -> BigInt,
        undone_at -> Timestamptz,
    }
}

diesel::table! {
    statement_earnings (organization_id, earning_id) {
        organization_id -> BigInt,
        earning_id -> BigInt,
        statement_id -> BigInt,
        version -> Integer,
    }
}

diesel::table! {
    statement_versions (organization_id, statement_id, number) {
        organization_id -> BigInt,
        statement_id -> BigInt,
        number -> Integer,
        cause -> Text,
        reason -> Text,
        closed_on -> Date,
        orderer_name -> Text,
        orderer_address -> Text,
        worker_name -> Text,
        registration_number -> Text,
        amount -> BigInt,
        withholding_base -> BigInt,
        tax_rate -> SmallInt,
        tax -> BigInt,
        withheld -> BigInt,
        payable -> BigInt,
        deductible_percent -> SmallInt,
        sha256 -> Bytea,
        issued_at -> Timestamptz,
        issued_by -> BigInt,
    }
}

diesel::table! {
    statement_lines (organization_id, statement_id, number, position) {
        organization_id -> BigInt,
        statement_id -> BigInt,
        number -> Integer,
        position -> Integer,
        kind -> Text,
        job_id -> BigInt,
        title -> Text,
        units -> Integer,
        unit_price -> BigInt,
        amount -> BigInt,
        is_withheld -> Bool,
        first_received_on -> Date,
        last_received_on -> Date,
        deductible_percent -> SmallInt,
    }
}

diesel::table! {
    pay_deductions (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        statement_id -> BigInt,
        unit_id -> BigInt,
        review_id -> BigInt,
        amount -> BigInt,
        reason -> Text,
        asked_by -> BigInt,
        asked_at -> Timestamptz,
        is_approved -> Nullable<Bool>,
        decided_by -> Nullable<BigInt>,
        decided_at -> Nullable<Timestamptz>,
        ground -> Nullable<Text>,
        basis -> Text,
        agreed_on -> Nullable<Date>,
    }
}

diesel::table! {
    client_invoices (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        number -> Integer,
        company_id -> BigInt,
        contact_id -> Nullable<BigInt>,
        company_name -> Text,
        issuer_name -> Text,
        issuer_address -> Text,
        registration_number -> Text,
        closed_on -> Date,
        issued_on -> Date,
        due_on -> Date,
        amount -> BigInt,
        tax -> BigInt,
        total -> BigInt,
        sha256 -> Bytea,
        issued_by -> BigInt,
        issued_at -> Timestamptz,
        supplied_from -> Date,
        supplied_to -> Date,
        bank_account -> Text,
    }
}

diesel::table! {
    client_invoice_rates (organization_id, invoice_id, tax_rate) {
        organization_id -> BigInt,
        invoice_id -> BigInt,
        tax_rate -> SmallInt,
        amount -> BigInt,
        tax -> BigInt,
    }
}

diesel::table! {
    client_invoice_lines (organization_id, invoice_id, position) {
        organization_id -> BigInt,
        invoice_id -> BigInt,
        position -> Integer,
        order_id -> BigInt,
        title -> Text,
        tax_rate -> SmallInt,
        amount -> BigInt,
    }
}

diesel::table! {
    client_invoice_amounts (organization_id, accepted_amount_id, invoice_id) {
        organization_id -> BigInt,
        accepted_amount_id -> BigInt,
        invoice_id -> BigInt,
        credit_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    client_payments (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        invoice_id -> BigInt,
        received_on -> Date,
        amount -> BigInt,
        note -> Text,
        recorded_by -> BigInt,
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    client_credits (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        number -> Integer,
        invoice_id -> BigInt,
        reason -> Text,
        issuer_name -> Text,
        issuer_address -> Text,
        registration_number -> Text,
        issued_on -> Date,
        amount -> BigInt,
        tax -> BigInt,
        total -> BigInt,
        sha256 -> Bytea,
        issued_by -> BigInt,
        issued_at -> Timestamptz,
    }
}

diesel::table! {
    client_credit_rates (organization_id, credit_id, tax_rate) {
        organization_id -> BigInt,
        credit_id -> BigInt,
        invoice_id -> BigInt,
        tax_rate -> SmallInt,
        amount -> BigInt,
        tax -> BigInt,
    }
}

diesel::table! {
    client_credit_lines (organization_id, credit_id, position) {
        organization_id -> BigInt,
        credit_id -> BigInt,
        invoice_id -> BigInt,
        position -> Integer,
        tax_rate -> SmallInt,
        amount -> BigInt,
    }
}

diesel::table! {
    invoice_sendings (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        invoice_id -> BigInt,
        credit_id -> Nullable<BigInt>,
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
    invoice_openings (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        sending_id -> BigInt,
        opened_at -> Timestamptz,
    }
}

diesel::allow_tables_to_appear_in_same_query!(client_invoices, client_invoice_lines);

diesel::allow_tables_to_appear_in_same_query!(client_credits, client_invoices);

diesel::allow_tables_to_appear_in_same_query!(client_credit_lines, client_invoice_lines);

diesel::allow_tables_to_appear_in_same_query!(invoice_openings, invoice_sendings);

diesel::table! {
    accepted_amounts (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        order_id -> BigInt,
        delivery_id -> Nullable<BigInt>,
        counted_on -> Date,
        amount -> BigInt,
        reason -> Text,
    }
}

diesel::table! {
    accepted_amount_rates (organization_id, accepted_amount_id, tax_rate) {
        organization_id -> BigInt,
        accepted_amount_id -> BigInt,
        tax_rate -> SmallInt,
        amount -> BigInt,
    }
}

diesel::allow_tables_to_appear_in_same_query!(accepted_amounts, accepted_amount_rates);

diesel::table! {
    offer_rounds (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        job_id -> BigInt,
        number -> Integer,
        kind -> Text,
        seed -> BigInt,
        waiting_units -> Integer,
        candidates -> Integer,
        began_at -> Timestamptz,
        answer_by -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    offer_decisions (organization_id, round_id, place) {
        organization_id -> BigInt,
        round_id -> BigInt,
        place -> Integer,
        worker_id -> BigInt,
        outcome -> Text,
        units -> Integer,
        level_per_mille -> Nullable<Integer>,
        granted_minutes -> Integer,
        wished_minutes -> Integer,
        decided_at -> Timestamptz,
    }
}

diesel::table! {
    offer_portions (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        round_id -> BigInt,
        job_id -> BigInt,
        worker_id -> BigInt,
        units -> Integer,
        claimed -> Integer,
        state -> Text,
        answer_by -> Timestamptz,
        ended_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    ending_notices (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        worker_id -> BigInt,
        since -> Nullable<Date>,
        noticed_on -> Date,
        ends_on -> Date,
        exception -> Nullable<Text>,
        reason -> Text,
        tells_reason -> Bool,
        noticed_by -> BigInt,
        noticed_at -> Timestamptz,
    }
}

diesel::table! {
    claim_spans (organization_id, job_id, person_id) {
        organization_id -> BigInt,
        job_id -> BigInt,
        person_id -> BigInt,
        since -> Timestamptz,
        kept_from -> Timestamptz,
        kept_until -> Timestamptz,
        asked -> SmallInt,
        look_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    unit_drafts (organization_id, unit_id, person_id) {
        organization_id -> BigInt,
        unit_id -> BigInt,
        person_id -> BigInt,
        result_text -> Text,
        memo -> Text,
        version -> Integer,
        saved_in -> Text,
        saved_at -> Timestamptz,
    }
}

diesel::table! {
    unit_draft_files (organization_id, unit_id, person_id, file_id) {
        organization_id -> BigInt,
        unit_id -> BigInt,
        person_id -> BigInt,
        file_id -> BigInt,
    }
}

diesel::table! {
    hand_overs (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        unit_id -> BigInt,
        person_id -> BigInt,
        assignment_id -> BigInt,
        result_text -> Text,
        memo -> Text,
        tenths -> SmallInt,
        unit_pay -> BigInt,
        pay_day -> SmallInt,
        terms_notice_id -> BigInt,
        handed_over_at -> Timestamptz,
        decided_tenths -> Nullable<SmallInt>,
        reason -> Text,
        decided_by -> Nullable<BigInt>,
        decided_at -> Nullable<Timestamptz>,
        fixed_pay_on -> Nullable<Date>,
    }
}

diesel::table! {
    ending_questions (organization_id, notice_id) {
        organization_id -> BigInt,
        notice_id -> BigInt,
        asked_at -> Timestamptz,
    }
}

diesel::table! {
    hand_over_files (organization_id, hand_over_id, file_id) {
        organization_id -> BigInt,
        hand_over_id -> BigInt,
        file_id -> BigInt,
    }
}

diesel::table! {
    job_samplings (organization_id, job_id, number) {
        organization_id -> BigInt,
        job_id -> BigInt,
        number -> Integer,
        rule -> Text,
        clean -> Nullable<SmallInt>,
        one_in -> Nullable<SmallInt>,
        changed_by -> BigInt,
        changed_at -> Timestamptz,
    }
}

diesel::table! {
    critical_units (organization_id, unit_id) {
        organization_id -> BigInt,
        unit_id -> BigInt,
        marked_by -> BigInt,
        marked_at -> Timestamptz,
    }
}

diesel::table! {
    sampling_streams (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        person_id -> BigInt,
        skill_id -> Nullable<BigInt>,
        phase -> Text,
        run -> Integer,
        kind -> Text,
        title -> Text,
    }
}

diesel::table! {
    sampling_seeds (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        stream_id -> BigInt,
        seed -> Bytea,
        commitment -> Bytea,
        committed_at -> Timestamptz,
        revealed_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    sampling_draws (organization_id, submission_id) {
        organization_id -> BigInt,
        submission_id -> BigInt,
        unit_id -> BigInt,
        seed_id -> BigInt,
        number -> Integer,
        one_in -> SmallInt,
        is_looked_at -> Bool,
        drawn_at -> Timestamptz,
    }
}

diesel::table! {
    sampling_switches (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        stream_id -> BigInt,
        phase -> Text,
        reason -> Text,
        unit_id -> BigInt,
        happened_at -> Timestamptz,
    }
}

diesel::table! {
    second_looks (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        review_id -> BigInt,
        unit_id -> BigInt,
        submission_id -> BigInt,
        drawn_at -> Timestamptz,
        looker_id -> Nullable<BigInt>,
        is_good -> Nullable<Bool>,
        comment -> Text,
        looked_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    partners (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        town_id -> BigInt,
        slug -> Text,
        name -> Text,
        ours -> Bool,
        theirs -> Bool,
        changed_at -> Timestamptz,
        version -> Integer,
        heard_version -> Integer,
    }
}

diesel::table! {
    shares (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        partner_id -> BigInt,
        side -> Text,
        document_id -> Nullable<BigInt>,
        order_id -> Nullable<BigInt>,
        deal_id -> Nullable<BigInt>,
        title -> Text,
        work -> Text,
        quantity -> Integer,
        unit_price -> BigInt,
        unit_minutes -> Integer,
        due_on -> Date,
        orderer -> Text,
        orderer_email -> Text,
        pay_on -> Date,
        end_client -> Text,
        message -> Text,
        offered_at -> Timestamptz,
        state -> Text,
        withdraw_asked_at -> Nullable<Timestamptz>,
        answered_at -> Nullable<Timestamptz>,
        reason -> Text,
        delivered -> Integer,
        accepted -> Integer,
        heard_at -> Timestamptz,
        version -> Integer,
        heard_version -> Integer,
    }
}

diesel::table! {
    share_payments (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        share_id -> BigInt,
        paid_on -> Date,
        amount -> BigInt,
        note -> Text,
        recorded_by -> BigInt,
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    payers (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        originator_code -> Text,
        name -> Text,
        bank -> Text,
        branch -> Text,
        kind -> Text,
        number -> Text,
        changed_at -> Timestamptz,
        version -> Integer,
    }
}

diesel::table! {
    transfer_files (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        pay_on -> Date,
        transfer_on -> Date,
        payments -> Integer,
        total -> BigInt,
        without_account -> Integer,
        sha256 -> Bytea,
        made_by -> BigInt,
        made_at -> Timestamptz,
        payer_version -> Nullable<Integer>,
        voided_at -> Nullable<Timestamptz>,
        voided_by -> Nullable<BigInt>,
    }
}

diesel::table! {
    exclusions (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        worker_id -> BigInt,
        job_id -> Nullable<BigInt>,
        company_id -> Nullable<BigInt>,
        reason -> Text,
        until -> Nullable<Date>,
        excluded_by -> BigInt,
        excluded_at -> Timestamptz,
        lifted_by -> Nullable<BigInt>,
        lifted_at -> Nullable<Timestamptz>,
    }
}

diesel::allow_tables_to_appear_in_same_query!(exclusions, orders);

diesel::allow_tables_to_appear_in_same_query!(partners, shares);

diesel::allow_tables_to_appear_in_same_query!(sampling_switches, sampling_streams);

diesel::allow_tables_to_appear_in_same_query!(ending_notices, ending_questions);

diesel::allow_tables_to_appear_in_same_query!(order_outlooks, orders);

diesel::allow_tables_to_appear_in_same_query!(
    job_check_items,
    review_answers,
    review_remarks,
    defect_kinds,
    coachings,
    review_appeals,
    work_rules,
    rules_readings,
    job_questions,
    job_answers,
    hand_overs,
    hand_over_files,
    unit_drafts,
    unit_draft_files,
    claim_spans,
    offer_rounds,
    offer_decisions,
    offer_portions,
    orders,
    repeat_wishes,
    order_due_moves,
    order_lines,
    jobs,
    units,
    unit_files,
    unit_events,
    offers,
    terms_notices,
    assignments,
    submissions,
    submission_files,
    reviews,
    deliveries,
    delivery_units,
    delivery_links,
    delivery_accesses,
    fix_decisions,
    earnings,
    accepted_amounts,
    statements,
    statement_versions,
    statement_earnings,
    pay_deductions
);
