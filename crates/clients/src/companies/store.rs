//! Rows and writes of `companies`.

use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::{CompanyId, CorporateNumber};

use super::model::{Company, CompanyFields};
use crate::schema::companies;

#[derive(Queryable, Selectable)]
#[diesel(table_name = companies)]
pub(super) struct CompanyRow {
    id: CompanyId,
    corporate_number: Option<CorporateNumber>,
    name: String,
    furigana: String,
    postal_code: String,
    address: String,
    phone: String,
    website: String,
    note: String,
    created_at: DateTime<Utc>,
    version: i32,
    merged_into: Option<CompanyId>,
}

impl CompanyRow {
    pub(super) fn merged_into(&self) -> Option<CompanyId> {
        self.merged_into
    }
}

impl From<CompanyRow> for Company {
    fn from(row: CompanyRow) -> Self {
        Self {
            id: row.id,
            corporate_number: row.corporate_number,
            name: row.name,
            furigana: row.furigana,
            postal_code: row.postal_code,
            address: row.address,
            phone: row.phone,
            website: row.website,
            note: row.note,
            created_at: row.created_at,
            version: row.version,
        }
    }
}

/// What a write sets: the fields as entered; the database folds their keys. `None` writes NULL.
#[derive(Insertable, AsChangeset)]
#[diesel(table_name = companies, treat_none_as_null = true)]
struct CompanyValues<'a> {
    corporate_number: Option<CorporateNumber>,
    name: &'a str,
    furigana: &'a str,
    postal_code: &'a str,
    address: &'a str,
    phone: &'a str,
    website: &'a str,
    note: &'a str,
}

impl<'a> From<&'a CompanyFields> for CompanyValues<'a> {
    fn from(fields: &'a CompanyFields) -> Self {
        Self {
            corporate_number: fields.corporate_number.clone(),
            name: &fields.name,
            furigana: &fields.furigana,
            postal_code: &fields.postal_code,
            address: &fields.address,
            phone: &fields.phone,
            website: &fields.website,
            note: &fields.note,
        }
    }
}

/// The index that keeps a corporate number to one company that stands.
pub(crate) const NUMBER_ONCE: &str = "companies_number";

/// `None` when another company of this town has the number, even one entered at this very moment.
pub(super) fn insert(tx: &mut Tx<'_>, fields: &CompanyFields) -> Result<Option<Company>, DbError> {
    let now = tx.now();
    let row = diesel::insert_into(companies::table)
        .values((CompanyValues::from(fields), companies::created_at.eq(now)))
        .on_conflict((companies::organization_id, companies::corporate_number))
        .filter_target(companies::merged_into.is_null())
        .do_nothing()
        .returning(CompanyRow::as_returning())
        .get_result(tx.conn())
        .optional()?;
    Ok(row.map(Company::from))
}

/// Enters all of them in one statement, in their order; fewer come back where another company had a number first.
pub(super) fn insert_many(tx: &mut Tx<'_>, all: &[CompanyFields]) -> Result<Vec<Company>, DbError> {
    let now = tx.now();
    let values: Vec<_> =
        all.iter().map(|fields| (CompanyValues::from(fields), companies::created_at.eq(now))).collect();
    let mut rows: Vec<CompanyRow> = diesel::insert_into(companies::table)
        .values(values)
        .on_conflict((companies::organization_id, companies::corporate_number))
        .filter_target(companies::merged_into.is_null())
        .do_nothing()
        .returning(CompanyRow::as_returning())
        .get_results(tx.conn())?;
    // Numbers are drawn in the order of the rows.
    rows.sort_unstable_by_key(|row| row.id);
    Ok(rows.into_iter().map(Company::from).collect())
}

/// Removes those that are as they were entered; gives back which.
pub(super) fn delete_new(tx: &mut Tx<'_>, ids: &[CompanyId]) -> Result<Vec<CompanyId>, DbError> {
    let as_entered = companies::table.filter(companies::id.eq_any(ids)).filter(companies::version.eq(1));
    Ok(diesel::delete(as_entered).returning(companies::id).get_results(tx.conn())?)
}

/// `None` when the row is no longer at `version`, or was merged away.
pub(crate) fn update(
    tx: &mut Tx<'_>,
    id: CompanyId,
    version: i32,
    fields: &CompanyFields,
) -> Result<Option<Company>, DbError> {
    let guarded = companies::table
        .filter(companies::id.eq(id))
        .filter(companies::version.eq(version))
        .filter(companies::merged_into.is_null());
    let row = diesel::update(guarded)
        .set((CompanyValues::from(fields), companies::version.eq(version + 1)))
        .returning(CompanyRow::as_returning())
        .get_result(tx.conn())
        .optional()?;
    Ok(row.map(Company::from))
}

pub(crate) fn id_by_number(tx: &mut Tx<'_>, number: &CorporateNumber) -> Result<Option<CompanyId>, DbError> {
    let id = companies::table
        .filter(companies::corporate_number.eq(number))
        .filter(companies::merged_into.is_null())
        .select(companies::id)
        .first(tx.conn())
        .optional()?;
    Ok(id)
}

/// Holds these companies against everybody who would name them, in the order of their ids, as they are now.
pub(crate) fn hold(tx: &mut Tx<'_>, ids: [CompanyId; 2]) -> Result<Vec<Held>, DbError> {
    let rows: Vec<CompanyRow> = companies::table
        .filter(companies::id.eq_any(ids))
        .order(companies::id)
        .for_update()
        .select(CompanyRow::as_select())
        .load(tx.conn())?;
    Ok(rows.into_iter().map(|row| Held { merged_into: row.merged_into, company: row.into() }).collect())
}

/// A company that nobody else changes or names before this transaction ends.
pub(crate) struct Held {
    pub(crate) company: Company,
    pub(crate) merged_into: Option<CompanyId>,
}

/// Points a company to the one it is merged into; `None` lets it stand by itself again.
pub(crate) fn set_merged_into(
    tx: &mut Tx<'_>,
    id: CompanyId,
    into: Option<CompanyId>,
) -> Result<(), DbError> {
    diesel::update(companies::table.filter(companies::id.eq(id)))
        .set((companies::merged_into.eq(into), companies::version.eq(companies::version + 1)))
        .execute(tx.conn())?;
    Ok(())
}
