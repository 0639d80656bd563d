//! Rows and writes of the register's tables, for the import only.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use db::DbError;
use diesel::connection::SimpleConnection;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Text};
use diesel::upsert::excluded;
use kernel::{CorporateNumber, likeness, text};

use super::model::{CloseCause, Closure, CompanyKind, Process, RegistryRecord, StoredRecord};
use crate::schema::registry_companies as company;
use crate::schema::{registry_companies, registry_imports, registry_versions};

/// A corporation as stored, without its keys.
#[derive(Queryable, Selectable)]
#[diesel(table_name = registry_companies)]
pub(super) struct RecordRow {
    corporate_number: CorporateNumber,
    version: i32,
    process: Process,
    updated_on: NaiveDate,
    changed_on: NaiveDate,
    name: String,
    furigana: String,
    english_name: String,
    kind: CompanyKind,
    prefecture: String,
    city: String,
    street: String,
    postal_code: String,
    closed_on: Option<NaiveDate>,
    close_cause: Option<CloseCause>,
    successor_number: Option<CorporateNumber>,
    hidden: bool,
}

impl From<RecordRow> for StoredRecord {
    fn from(row: RecordRow) -> Self {
        let closure = row.closed_on.zip(row.close_cause).map(|(on, cause)| Closure { on, cause });
        Self {
            version: row.version,
            record: RegistryRecord {
                corporate_number: row.corporate_number,
                process: row.process,
                updated_on: row.updated_on,
                changed_on: row.changed_on,
                name: row.name,
                furigana: row.furigana,
                english_name: row.english_name,
                kind: row.kind,
                prefecture: row.prefecture,
                city: row.city,
                street: row.street,
                postal_code: row.postal_code,
                closure,
                successor_number: row.successor_number,
                hidden: row.hidden,
            },
        }
    }
}

/// A corporation as written, with the keys folded from its name and reading.
#[derive(Insertable)]
#[diesel(table_name = registry_companies, treat_none_as_default_value = false)]
struct RecordValues<'r> {
    corporate_number: &'r CorporateNumber,
    version: i32,
    import_id: i64,
    process: Process,
    updated_on: NaiveDate,
    changed_on: NaiveDate,
    name: &'r str,
    furigana: &'r str,
    english_name: &'r str,
    kind: CompanyKind,
    prefecture: &'r str,
    city: &'r str,
    street: &'r str,
    postal_code: &'r str,
    closed_on: Option<NaiveDate>,
    close_cause: Option<CloseCause>,
    successor_number: Option<CorporateNumber>,
    hidden: bool,
    kana_key: String,
    search_key: String,
    grams: Vec<String>,
}

impl<'r> RecordValues<'r> {
    fn new(import: i64, StoredRecord { version, record }: &'r StoredRecord) -> Self {
        let reading = if record.furigana.is_empty() { &record.name } else { &record.furigana };
        let searched = format!("{} {}", record.name, record.furigana);
        Self {
            corporate_number: &record.corporate_number,
            version: *version,
            import_id: import,
            process: record.process,
            updated_on: record.updated_on,
            changed_on: record.changed_on,
            name: &record.name,
            furigana: &record.furigana,
            english_name: &record.english_name,
            kind: record.kind,
            prefecture: &record.prefecture,
            city: &record.city,
            street: &record.street,
            postal_code: &record.postal_code,
            closed_on: record.closure.map(|closure| closure.on),
            close_cause: record.closure.map(|closure| closure.cause),
            successor_number: record.successor_number.clone(),
            hidden: record.hidden,
            kana_key: likeness::kana_key(reading),
            search_key: text::search_key(&searched),
            grams: text::search_grams(&searched),
        }
    }
}

#[derive(Insertable)]
#[diesel(table_name = registry_versions, treat_none_as_default_value = false)]
struct VersionValues<'r> {
    corporate_number: &'r CorporateNumber,
    version: i32,
    import_id: i64,
    process: Process,
    updated_on: NaiveDate,
    name: &'r str,
    address: String,
    closed_on: Option<NaiveDate>,
}

impl<'r> VersionValues<'r> {
    fn new(import: i64, StoredRecord { version, record }: &'r StoredRecord) -> Self {
        Self {
            corporate_number: &record.corporate_number,
            version: *version,
            import_id: import,
            process: record.process,
            updated_on: record.updated_on,
            name: &record.name,
            address: record.address(),
            closed_on: record.closure.map(|closure| closure.on),
        }
    }
}

/// Shuts other imports out until the transaction ends; `false` where one is running. Readers are not held up.
pub(super) fn shut_others_out(conn: &mut PgConnection) -> Result<bool, DbError> {
    let lock = diesel::dsl::sql::<Bool>("pg_try_advisory_xact_lock(hashtext('yui registry import'))");
    Ok(diesel::select(lock).get_result(conn)?)
}

/// Makes the place where the numbers of this file are remembered: on disk, so that memory stays flat for the whole
/// country's five million.
pub(super) fn open_notes(conn: &mut PgConnection) -> Result<(), DbError> {
    conn.batch_execute(
        "CREATE TEMPORARY TABLE registry_numbers_read (corporate_number text PRIMARY KEY) ON COMMIT DROP",
    )?;
    Ok(())
}

/// Notes numbers as read; gives back the places, counted from 0, of those that had not been read before.
pub(super) fn note_numbers(
    conn: &mut PgConnection,
    numbers: &[&CorporateNumber],
) -> Result<HashSet<usize>, DbError> {
    #[derive(QueryableByName)]
    struct Noted {
        #[diesel(sql_type = Text)]
        corporate_number: CorporateNumber,
    }
    let noted: Vec<Noted> = diesel::sql_query(
        "INSERT INTO registry_numbers_read (corporate_number) SELECT unnest($1) \
         ON CONFLICT DO NOTHING RETURNING corporate_number",
    )
    .bind::<Array<Text>, _>(numbers)
    .load(conn)?;
    let mut fresh: HashSet<CorporateNumber> = noted.into_iter().map(|noted| noted.corporate_number).collect();
    // A number that stands twice in this very batch is fresh the first time only.
    let places = numbers.iter().enumerate().filter(|(_, number)| fresh.remove(**number));
    Ok(places.map(|(place, _)| place).collect())
}

/// The import's own row, to be completed by [`update_import`].
pub(super) fn insert_import(conn: &mut PgConnection, values: &ImportValues<'_>) -> Result<i64, DbError> {
    Ok(diesel::insert_into(registry_imports::table)
        .values(values)
        .returning(registry_imports::id)
        .get_result(conn)?)
}

/// What an import leaves about itself.
#[derive(Insertable, AsChangeset)]
#[diesel(table_name = registry_imports, treat_none_as_null = true)]
pub(super) struct ImportValues<'f> {
    pub(super) file_name: &'f str,
    pub(super) file_sha256: Vec<u8>,
    pub(super) as_of: Option<NaiveDate>,
    pub(super) rows_read: i64,
    pub(super) rows_new: i64,
    pub(super) rows_changed: i64,
    pub(super) rows_same: i64,
    pub(super) rows_older: i64,
    pub(super) rows_history: i64,
    pub(super) rows_rejected: i64,
}

/// Completes the import's row with what it came to.
pub(super) fn update_import(
    conn: &mut PgConnection,
    id: i64,
    values: &ImportValues<'_>,
) -> Result<(), DbError> {
    diesel::update(registry_imports::table.filter(registry_imports::id.eq(id))).set(values).execute(conn)?;
    Ok(())
}

/// What is stored under these numbers.
pub(super) fn stored(
    conn: &mut PgConnection,
    numbers: &[&CorporateNumber],
) -> Result<HashMap<CorporateNumber, StoredRecord>, DbError> {
    let rows: Vec<RecordRow> = registry_companies::table
        .filter(registry_companies::corporate_number.eq_any(numbers))
        .select(RecordRow::as_select())
        .load(conn)?;
    let stored = rows.into_iter().map(StoredRecord::from);
    Ok(stored.map(|stored| (stored.record.corporate_number.clone(), stored)).collect())
}

/// Writes new and changed corporations, and a version of each. At most some 3,000 at once: PostgreSQL takes 65,535
/// values in a statement.
pub(super) fn write(conn: &mut PgConnection, import: i64, records: &[StoredRecord]) -> Result<(), DbError> {
    if records.is_empty() {
        return Ok(());
    }
    let values: Vec<_> = records.iter().map(|record| RecordValues::new(import, record)).collect();
    diesel::insert_into(registry_companies::table)
        .values(&values)
        .on_conflict(company::corporate_number)
        .do_update()
        .set((
            company::version.eq(excluded(company::version)),
            company::import_id.eq(excluded(company::import_id)),
            company::process.eq(excluded(company::process)),
            company::updated_on.eq(excluded(company::updated_on)),
            company::changed_on.eq(excluded(company::changed_on)),
            company::name.eq(excluded(company::name)),
            company::furigana.eq(excluded(company::furigana)),
            company::english_name.eq(excluded(company::english_name)),
            company::kind.eq(excluded(company::kind)),
            company::prefecture.eq(excluded(company::prefecture)),
            company::city.eq(excluded(company::city)),
            company::street.eq(excluded(company::street)),
            company::postal_code.eq(excluded(company::postal_code)),
            company::closed_on.eq(excluded(company::closed_on)),
            company::close_cause.eq(excluded(company::close_cause)),
            company::successor_number.eq(excluded(company::successor_number)),
            company::hidden.eq(excluded(company::hidden)),
            company::kana_key.eq(excluded(company::kana_key)),
            company::search_key.eq(excluded(company::search_key)),
            company::grams.eq(excluded(company::grams)),
        ))
        .execute(conn)?;
    let versions: Vec<_> = records.iter().map(|record| VersionValues::new(import, record)).collect();
    diesel::insert_into(registry_versions::table).values(&versions).execute(conn)?;
    Ok(())
}

/// Lets searches be fast from the first one on: fresh statistics, and no index entries left in the pending list.
pub(super) fn tidy(conn: &mut PgConnection) -> Result<(), DbError> {
    conn.batch_execute(
        "SELECT gin_clean_pending_list('registry_companies_grams'); ANALYZE registry_companies; ANALYZE registry_versions",
    )?;
    Ok(())
}
