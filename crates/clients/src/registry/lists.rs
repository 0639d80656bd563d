//! Reading the register: one corporation, a search by any two characters, what was imported when.

use chrono::{DateTime, NaiveDate, Utc};
use db::{DbError, Tx};
use diesel::dsl::{count_star, max, sql};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Text};
use kernel::likeness::{self, Lookup};
use kernel::{CompanyId, CorporateNumber, Page, Paging, text};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::model::{CloseCause, Closure, CompanyKind, Process, RegistryRecord, StoredRecord};
use super::store::RecordRow;
use crate::companies;
use crate::schema::{registry_companies, registry_imports, registry_versions};

/// A registered corporation as a town sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RegisteredCompany {
    /// What the register says.
    #[serde(flatten)]
    pub record: RegistryRecord,
    /// Counts its changes here, from 1.
    pub version: i32,
    /// This town's company with the number, where it has been adopted or entered.
    pub company: Option<CompanyId>,
}

/// The corporation under `number`, closed, hidden and deleted ones included; [`DbError::NotFound`] where no
/// imported register has it.
pub fn find(tx: &mut Tx<'_>, number: &CorporateNumber) -> Result<RegisteredCompany, DbError> {
    let row: RecordRow = registry_companies::table
        .filter(registry_companies::corporate_number.eq(number))
        .select(RecordRow::as_select())
        .first(tx.conn())?;
    let StoredRecord { version, record } = row.into();
    let company = companies::by_numbers(tx, std::slice::from_ref(number))?.remove(number);
    Ok(RegisteredCompany { record, version, company })
}

/// A state a corporation once had here.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Serialize)]
#[diesel(table_name = registry_versions)]
pub struct RegistryVersion {
    /// Counts from 1.
    pub version: i32,
    /// What had happened.
    pub process: Process,
    /// When the register was updated.
    pub updated_on: NaiveDate,
    /// Its name then.
    pub name: String,
    /// Its address then, in one line.
    pub address: String,
    /// When its record was closed, if it was.
    pub closed_on: Option<NaiveDate>,
}

/// Every state of a corporation since it was first imported here, the newest first.
pub fn versions(tx: &mut Tx<'_>, number: &CorporateNumber) -> Result<Vec<RegistryVersion>, DbError> {
    Ok(registry_versions::table
        .filter(registry_versions::corporate_number.eq(number))
        .order(registry_versions::version.desc())
        .select(RegistryVersion::as_select())
        .load(tx.conn())?)
}

/// Which part of the register to search.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RegistryFilter {
    /// Only this prefecture, as the register writes it: `鳥取県`. Empty means all.
    pub prefecture: String,
    /// Only municipalities whose name contains this: `岩美町` finds `岩美郡岩美町`. Empty means all.
    pub city: String,
    /// Also corporations that are gone or may be: closed record, withdrawn number, or left out of the tax
    /// agency's own search (検索対象除外).
    pub include_closed: bool,
}

/// Where a page of the register ends: reading, then number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegistryKey(pub String, pub CorporateNumber);

/// A corporation in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RegistrySummary {
    /// Its number.
    pub corporate_number: CorporateNumber,
    /// Its name.
    pub name: String,
    /// Its reading, where published.
    pub furigana: String,
    /// Its kind.
    pub kind: CompanyKind,
    /// Its address in one line.
    pub address: String,
    /// Closed since when and why.
    pub closure: Option<Closure>,
    /// Whether the number was withdrawn.
    pub deleted: bool,
    /// Whether the tax agency leaves it out of its own search.
    pub hidden: bool,
    /// This town's company with the number, where it has been adopted or entered.
    pub company: Option<CompanyId>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = registry_companies)]
struct SummaryRow {
    corporate_number: CorporateNumber,
    process: Process,
    name: String,
    furigana: String,
    kind: CompanyKind,
    prefecture: String,
    city: String,
    street: String,
    closed_on: Option<NaiveDate>,
    close_cause: Option<CloseCause>,
    hidden: bool,
    kana_key: String,
}

impl From<SummaryRow> for RegistrySummary {
    fn from(row: SummaryRow) -> Self {
        Self {
            corporate_number: row.corporate_number,
            name: row.name,
            furigana: row.furigana,
            kind: row.kind,
            address: format!("{}{}{}", row.prefecture, row.city, row.street),
            closure: row.closed_on.zip(row.close_cause).map(|(on, cause)| Closure { on, cause }),
            deleted: row.process == Process::Deleted,
            hidden: row.hidden,
            company: None,
        }
    }
}

/// Corporations whose name or reading contains `query`, in gojūon order; two characters suffice for an answer at
/// once. A corporate number in `query` finds that one, whatever the filter says; an empty `query` finds all.
pub fn search(
    tx: &mut Tx<'_>,
    query: &str,
    filter: &RegistryFilter,
    paging: &Paging<RegistryKey>,
) -> Result<Page<RegistrySummary, RegistryKey>, DbError> {
    let rows = found(query, filter, paging).select(SummaryRow::as_select()).load(tx.conn())?;
    let page = Page::cut(rows, paging, |row| RegistryKey(row.kana_key.clone(), row.corporate_number.clone()));
    let mut page = page.map(RegistrySummary::from);
    let numbers: Vec<_> = page.items.iter().map(|row| row.corporate_number.clone()).collect();
    let mut known = companies::by_numbers(tx, &numbers)?;
    for row in &mut page.items {
        row.company = known.remove(&row.corporate_number);
    }
    Ok(page)
}

type Found = registry_companies::BoxedQuery<'static, Pg>;

/// The register has no row-level security, so its GIN index answers directly, without a function around it.
fn found(query: &str, filter: &RegistryFilter, paging: &Paging<RegistryKey>) -> Found {
    let mut found = registry_companies::table
        .order((registry_companies::kana_key, registry_companies::corporate_number))
        .limit(paging.probe())
        .into_boxed();
    if let Some(RegistryKey(kana, number)) = paging.after.clone() {
        let same_kana = registry_companies::kana_key.eq(kana.clone());
        let later = same_kana.and(registry_companies::corporate_number.gt(number));
        found = found.filter(registry_companies::kana_key.gt(kana).or(later));
    }
    if let Ok(number) = CorporateNumber::parse(query) {
        return found.filter(registry_companies::corporate_number.eq(number));
    }
    if !text::search_key(query).is_empty() {
        found = found.filter(named(query));
    }
    within(found, filter)
}

/// Companies of that name, in any of its spellings.
fn named(query: &str) -> db::search::Found<registry_companies::table> {
    let mut named: Option<db::search::Found<registry_companies::table>> = None;
    for Lookup { grams, patterns } in likeness::lookups(query) {
        let is_like =
            sql::<Bool>("registry_companies.search_key LIKE ANY (").bind::<Array<Text>, _>(patterns);
        let one = registry_companies::grams.contains(grams).and(is_like.sql(")"));
        named = Some(match named {
            Some(others) => Box::new(others.or(one)),
            None => Box::new(one),
        });
    }
    named.unwrap_or_else(|| Box::new(sql::<Bool>("FALSE")))
}

fn within(mut found: Found, filter: &RegistryFilter) -> Found {
    if !filter.prefecture.is_empty() {
        found = found.filter(registry_companies::prefecture.eq(filter.prefecture.clone()));
    }
    if !filter.city.is_empty() {
        found = found.filter(registry_companies::city.like(containing(&filter.city)));
    }
    if !filter.include_closed {
        found = found
            .filter(registry_companies::closed_on.is_null())
            .filter(registry_companies::hidden.eq(false))
            .filter(registry_companies::process.ne(Process::Deleted));
    }
    found
}

/// A LIKE pattern for unfolded text, with LIKE's own signs taken literally.
fn containing(part: &str) -> String {
    format!("%{}%", part.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"))
}

/// What a page about the register says of it: `国税庁法人番号公表サイト, 20,214 社, 2026-07-31 時点`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RegisterOverview {
    /// Who publishes it; always to be cited.
    pub source: &'static str,
    /// Corporations in it, closed ones included, withdrawn numbers not.
    pub companies: i64,
    /// How many of them are closed.
    pub closed: i64,
    /// The day whose state the newest imported file has; `None` where no file told.
    pub as_of: Option<NaiveDate>,
    /// When a file was last imported.
    pub imported_at: DateTime<Utc>,
    /// That file's name.
    pub file_name: String,
}

/// What was imported; `None` as long as nothing was.
pub fn overview(tx: &mut Tx<'_>) -> Result<Option<RegisterOverview>, DbError> {
    let last: Option<(DateTime<Utc>, String)> = registry_imports::table
        .order(registry_imports::id.desc())
        .select((registry_imports::started_at, registry_imports::file_name))
        .first(tx.conn())
        .optional()?;
    let Some((imported_at, file_name)) = last else {
        return Ok(None);
    };
    let as_of = registry_imports::table.select(max(registry_imports::as_of)).first(tx.conn())?;
    let (companies, closed) = registry_companies::table
        .filter(registry_companies::process.ne(Process::Deleted))
        .select((count_star(), diesel::dsl::count(registry_companies::closed_on)))
        .first(tx.conn())?;
    Ok(Some(RegisterOverview { source: super::SOURCE, companies, closed, as_of, imported_at, file_name }))
}

#[cfg(test)]
pub(super) mod explaining {
    //! How PostgreSQL would run the very query [`super::search`] runs.

    use super::*;

    pub(in super::super) fn plan(tx: &mut Tx<'_>, query: &str) -> Result<String, DbError> {
        let asked = found(query, &RegistryFilter::default(), &Paging::first(20));
        db::testing::plan(tx, asked.select(SummaryRow::as_select()))
    }
}
