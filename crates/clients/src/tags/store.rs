//! Rows and writes of `tags` and `company_tags`.

use std::collections::BTreeSet;

use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::{CompanyId, text};

use super::model::{Tag, TagId};
use crate::schema::{company_tags, tags};

#[derive(Queryable, Selectable)]
#[diesel(table_name = tags)]
pub(super) struct TagRow {
    id: TagId,
    name: String,
    version: i32,
}

impl From<TagRow> for Tag {
    fn from(row: TagRow) -> Self {
        Self { id: row.id, name: row.name, version: row.version }
    }
}

/// `None` where a tag of this town reads alike, even one made at this very moment.
pub(super) fn insert(tx: &mut Tx<'_>, name: &str) -> Result<Option<Tag>, DbError> {
    let now = tx.now();
    let row: Option<TagRow> = diesel::insert_into(tags::table)
        .values((tags::name.eq(name), tags::created_at.eq(now)))
        .on_conflict((tags::organization_id, tags::name_key))
        .do_nothing()
        .returning(TagRow::as_returning())
        .get_result(tx.conn())
        .optional()?;
    Ok(row.map(Tag::from))
}

/// The tag that reads like `name`.
pub(super) fn named(tx: &mut Tx<'_>, name: &str) -> Result<Option<TagId>, DbError> {
    let named = tags::table.filter(tags::name_key.eq(text::search_key(name))).select(tags::id);
    Ok(named.first(tx.conn()).optional()?)
}

/// `None` when the row is no longer at `version`.
pub(super) fn rename(tx: &mut Tx<'_>, id: TagId, version: i32, name: &str) -> Result<Option<Tag>, DbError> {
    let guarded = tags::table.filter(tags::id.eq(id)).filter(tags::version.eq(version));
    let row: Option<TagRow> = diesel::update(guarded)
        .set((tags::name.eq(name), tags::version.eq(version + 1)))
        .returning(TagRow::as_returning())
        .get_result(tx.conn())
        .optional()?;
    Ok(row.map(Tag::from))
}

/// Gives every company that has `from` the tag `into` instead.
pub(super) fn move_companies(tx: &mut Tx<'_>, from: TagId, into: TagId) -> Result<(), DbError> {
    let of_from = company_tags::table.filter(company_tags::tag_id.eq(from));
    let companies: Vec<CompanyId> = of_from.select(company_tags::company_id).load(tx.conn())?;
    diesel::delete(of_from).execute(tx.conn())?;
    let rows: Vec<_> = companies
        .into_iter()
        .map(|company| (company_tags::company_id.eq(company), company_tags::tag_id.eq(into)))
        .collect();
    insert_all(tx, rows)
}

/// Whether the tag was still at `version`; no company may have it any more.
pub(super) fn remove(tx: &mut Tx<'_>, id: TagId, version: i32) -> Result<bool, DbError> {
    let guarded = tags::table.filter(tags::id.eq(id)).filter(tags::version.eq(version));
    Ok(diesel::delete(guarded).execute(tx.conn())? == 1)
}

/// Gives a company these tags and no others.
pub(super) fn replace(tx: &mut Tx<'_>, company: CompanyId, wanted: &BTreeSet<TagId>) -> Result<(), DbError> {
    let of_company = company_tags::table.filter(company_tags::company_id.eq(company));
    diesel::delete(
        of_company.filter(company_tags::tag_id.ne_all(wanted.iter().copied().collect::<Vec<_>>())),
    )
    .execute(tx.conn())?;
    let rows: Vec<_> = wanted
        .iter()
        .map(|tag| (company_tags::company_id.eq(company), company_tags::tag_id.eq(*tag)))
        .collect();
    insert_all(tx, rows)
}

/// Gives a company a tag it may have already.
pub(super) fn add(tx: &mut Tx<'_>, company: CompanyId, tag: TagId) -> Result<(), DbError> {
    insert_all(tx, vec![(company_tags::company_id.eq(company), company_tags::tag_id.eq(tag))])
}

/// Gives `into` the tags of `from` that it lacks, and says which those are; `from` keeps its own.
pub(crate) fn give_those_of(tx: &mut Tx<'_>, from: CompanyId, into: CompanyId) -> Result<Vec<i64>, DbError> {
    let of = |company: CompanyId| {
        company_tags::table.filter(company_tags::company_id.eq(company)).select(company_tags::tag_id)
    };
    let had: BTreeSet<TagId> = of(into).load(tx.conn())?.into_iter().collect();
    let mut lacking: Vec<TagId> = of(from).load(tx.conn())?;
    lacking.retain(|tag| !had.contains(tag));
    let rows = lacking.iter().map(|tag| (company_tags::company_id.eq(into), company_tags::tag_id.eq(*tag)));
    insert_all(tx, rows.collect())?;
    Ok(lacking.into_iter().map(|tag| tag.0).collect())
}

/// Takes these tags from a company; one it has no longer is passed over.
pub(crate) fn take_back(tx: &mut Tx<'_>, company: CompanyId, tags: &[i64]) -> Result<(), DbError> {
    let of_company = company_tags::table.filter(company_tags::company_id.eq(company));
    diesel::delete(of_company.filter(company_tags::tag_id.eq_any(tags.to_vec()))).execute(tx.conn())?;
    Ok(())
}

type CompanyTag =
    (diesel::dsl::Eq<company_tags::company_id, CompanyId>, diesel::dsl::Eq<company_tags::tag_id, TagId>);

/// What is there already stays as it is.
fn insert_all(tx: &mut Tx<'_>, mut rows: Vec<CompanyTag>) -> Result<(), DbError> {
    /// Well below the 65,535 parameters one statement may have.
    const AT_ONCE: usize = 5_000;
    while !rows.is_empty() {
        let rest = rows.split_off(rows.len().min(AT_ONCE));
        diesel::insert_into(company_tags::table).values(rows).on_conflict_do_nothing().execute(tx.conn())?;
        rows = rest;
    }
    Ok(())
}
