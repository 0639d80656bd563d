// The tables this crate owns, as the migrations make them; the test `schemas_match_the_catalogue` compares
// this file with the database's catalogue.

diesel::table! {
    registry_imports (id) {
        id -> BigInt,
        file_name -> Text,
        file_sha256 -> Bytea,
        as_of -> Nullable<Date>,
        started_at -> Timestamptz,
        rows_read -> BigInt,
        rows_new -> BigInt,
        rows_changed -> BigInt,
        rows_same -> BigInt,
        rows_older -> BigInt,
        rows_history -> BigInt,
        rows_rejected -> BigInt,
    }
}

diesel::table! {
    registry_companies (corporate_number) {
        corporate_number -> Text,
        version -> Integer,
        import_id -> BigInt,
        process -> Text,
        updated_on -> Date,
        changed_on -> Date,
        name -> Text,
        furigana -> Text,
        english_name -> Text,
        kind -> Text,
        prefecture -> Text,
        city -> Text,
        street -> Text,
        postal_code -> Text,
        closed_on -> Nullable<Date>,
        close_cause -> Nullable<Text>,
        successor_number -> Nullable<Text>,
        hidden -> Bool,
        kana_key -> Text,
        search_key -> Text,
        grams -> Array<Text>,
    }
}

diesel::table! {
    registry_versions (corporate_number, version) {
        corporate_number -> Text,
        version -> Integer,
        import_id -> BigInt,
        process -> Text,
        updated_on -> Date,
        name -> Text,
        address -> Text,
        closed_on -> Nullable<Date>,
    }
}

diesel::table! {
    companies (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        corporate_number -> Nullable<Text>,
        name -> Text,
        furigana -> Text,
        postal_code -> Text,
        address -> Text,
        phone -> Text,
        website -> Text,
        note -> Text,
        created_at -> Timestamptz,
        version -> Integer,
        kana_key -> Text,
        name_key -> Text,
        phone_key -> Text,
        site_key -> Text,
        search_key -> Text,
        grams -> Array<Text>,
        merged_into -> Nullable<BigInt>,
        address_key -> Text,
    }
}

diesel::table! {
    contacts (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        company_id -> BigInt,
        family_name -> Text,
        given_name -> Text,
        family_kana -> Text,
        given_kana -> Text,
        department -> Text,
        title -> Text,
        email -> Nullable<Text>,
        phone -> Text,
        language -> Text,
        created_at -> Timestamptz,
        version -> Integer,
        kana_key -> Text,
        name_key -> Text,
        phone_key -> Text,
        email_key -> Text,
        email_domain -> Text,
        may_be_called -> Bool,
        merged_into -> Nullable<BigInt>,
        search_key -> Text,
        grams -> Array<Text>,
        post_key -> Text,
    }
}

diesel::table! {
    call_wishes (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        contact_id -> BigInt,
        wish -> Text,
        note -> Text,
        recorded_at -> Timestamptz,
        recorded_by -> Text,
        merge_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    tags (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        name -> Text,
        created_at -> Timestamptz,
        version -> Integer,
        name_key -> Text,
    }
}

diesel::table! {
    company_tags (organization_id, company_id, tag_id) {
        organization_id -> BigInt,
        company_id -> BigInt,
        tag_id -> BigInt,
    }
}

diesel::table! {
    client_terms (organization_id, company_id, version) {
        organization_id -> BigInt,
        company_id -> BigInt,
        version -> Integer,
        closing_day -> Nullable<SmallInt>,
        months_later -> Nullable<SmallInt>,
        pay_day -> Nullable<SmallInt>,
        inspection_days -> Nullable<SmallInt>,
        remarks -> Text,
        recorded_at -> Timestamptz,
        recorded_by -> Text,
        merge_id -> Nullable<BigInt>,
        silence_accepts -> Bool,
    }
}

diesel::table! {
    merges (organization_id, id) {
        organization_id -> BigInt,
        id -> BigInt,
        kept_company_id -> Nullable<BigInt>,
        merged_company_id -> Nullable<BigInt>,
        kept_contact_id -> Nullable<BigInt>,
        merged_contact_id -> Nullable<BigInt>,
        changed -> Jsonb,
        moved -> Jsonb,
        merged_at -> Timestamptz,
        merged_by -> Text,
        undone_at -> Nullable<Timestamptz>,
        undone_by -> Nullable<Text>,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    registry_imports,
    registry_companies,
    registry_versions,
    companies,
    contacts,
    call_wishes,
    tags,
    company_tags,
    client_terms,
    merges
);
