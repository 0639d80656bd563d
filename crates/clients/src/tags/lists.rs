//! Reading tags: one, all of a town with their use, those of some companies.

use std::collections::HashMap;

use db::{DbError, Tx};
use diesel::dsl::count;
use diesel::prelude::*;
use kernel::CompanyId;

use super::model::{Tag, TagId, TagUse};
use super::store::TagRow;
use crate::schema::{companies, company_tags, tags};

/// How many tags a town has at most in its list; with more, tags tell nothing apart.
const MOST: i64 = 500;

/// One tag; [`DbError::NotFound`] where this town has none of that id.
pub fn find(tx: &mut Tx<'_>, id: TagId) -> Result<Tag, DbError> {
    let row: TagRow = tags::table.filter(tags::id.eq(id)).select(TagRow::as_select()).first(tx.conn())?;
    Ok(row.into())
}

/// Every tag of the town by name, each with how many companies have it.
pub fn list(tx: &mut Tx<'_>) -> Result<Vec<TagUse>, DbError> {
    let rows: Vec<TagRow> = tags::table
        .order((tags::name_key, tags::id))
        .limit(MOST)
        .select(TagRow::as_select())
        .load(tx.conn())?;
    let uses: Vec<(TagId, i64)> = company_tags::table
        .inner_join(companies::table.on(companies::id.eq(company_tags::company_id)))
        .filter(companies::merged_into.is_null())
        .group_by(company_tags::tag_id)
        .select((company_tags::tag_id, count(company_tags::company_id)))
        .load(tx.conn())?;
    let uses: HashMap<TagId, i64> = uses.into_iter().collect();
    let with_use = |row: TagRow| {
        let tag = Tag::from(row);
        let companies = uses.get(&tag.id).copied().unwrap_or_default();
        TagUse { tag, companies }
    };
    Ok(rows.into_iter().map(with_use).collect())
}

/// The tags of these companies by name; a company without any is left out.
pub fn of_companies(
    tx: &mut Tx<'_>,
    companies: &[CompanyId],
) -> Result<HashMap<CompanyId, Vec<Tag>>, DbError> {
    let rows: Vec<(CompanyId, TagRow)> = company_tags::table
        .inner_join(tags::table.on(tags::id.eq(company_tags::tag_id)))
        .filter(company_tags::company_id.eq_any(companies))
        .order((tags::name_key, tags::id))
        .select((company_tags::company_id, TagRow::as_select()))
        .load(tx.conn())?;
    let mut found: HashMap<CompanyId, Vec<Tag>> = HashMap::new();
    for (company, row) in rows {
        found.entry(company).or_default().push(row.into());
    }
    Ok(found)
}
