//! Reading companies: one, a page in gojūon order, a search by any two characters.

use std::collections::HashMap;

use chrono::NaiveDate;
use db::{DbError, Tx};
use diesel::pg::Pg;
use diesel::prelude::*;
use kernel::{CompanyId, CorporateNumber, Page, Paging, reach};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::model::Company;
use super::store::CompanyRow;
use crate::registry;
use crate::schema::{companies, company_tags};
use crate::tags::TagId;

/// One company, or the one it was merged into, which has another id; [`DbError::NotFound`] where this town has none of that
/// id.
pub fn find(tx: &mut Tx<'_>, id: CompanyId) -> Result<Company, DbError> {
    let mut wanted = id;
    loop {
        let row: CompanyRow = companies::table
            .filter(companies::id.eq(wanted))
            .select(CompanyRow::as_select())
            .first(tx.conn())?;
        match row.merged_into() {
            Some(into) => wanted = into,
            None => return Ok(row.into()),
        }
    }
}

/// A company in a list.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Serialize, JsonSchema)]
#[diesel(table_name = companies)]
pub struct CompanySummary {
    /// Its id.
    pub id: CompanyId,
    /// Its 法人番号, where known.
    pub corporate_number: Option<CorporateNumber>,
    /// Its name.
    pub name: String,
    /// Its reading.
    pub furigana: String,
    /// Its address.
    pub address: String,
    /// What lists are sorted by.
    #[serde(skip)]
    pub kana_key: String,
}

/// A company as lists show it; `None` where this town has none of that id that stands by itself.
pub fn summary(tx: &mut Tx<'_>, id: CompanyId) -> Result<Option<CompanySummary>, DbError> {
    let standing = companies::table.filter(companies::id.eq(id)).filter(companies::merged_into.is_null());
    Ok(standing.select(CompanySummary::as_select()).first(tx.conn()).optional()?)
}

/// Where a page of companies ends: reading, then id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompanyKey(pub String, pub CompanyId);

/// Which companies a list shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CompanyFilter {
    /// Only those with this tag.
    pub tag: Option<TagId>,
}

/// Companies in gojūon order.
pub fn list(
    tx: &mut Tx<'_>,
    filter: CompanyFilter,
    paging: &Paging<CompanyKey>,
) -> Result<Page<CompanySummary, CompanyKey>, DbError> {
    let rows = matching(filter, paging).select(CompanySummary::as_select()).load(tx.conn())?;
    Ok(Page::cut(rows, paging, |row| CompanyKey(row.kana_key.clone(), row.id)))
}

fn matching(filter: CompanyFilter, paging: &Paging<CompanyKey>) -> companies::BoxedQuery<'static, Pg> {
    let mut query = companies::table
        .filter(companies::merged_into.is_null())
        .order((companies::kana_key, companies::id))
        .limit(paging.probe())
        .into_boxed();
    if let Some(tag) = filter.tag {
        let tagged = company_tags::table.filter(company_tags::tag_id.eq(tag));
        query = query.filter(companies::id.eq_any(tagged.select(company_tags::company_id)));
    }
    if let Some(CompanyKey(kana, id)) = &paging.after {
        // The first of the two bounds is one of the index, which the second alone would not be.
        query = query
            .filter(companies::kana_key.ge(kana.clone()))
            .filter(companies::kana_key.gt(kana.clone()).or(companies::id.gt(*id)));
    }
    query
}

/// Companies whose name, reading, corporate number, telephone number, postal code or web site contains `query`, however
/// it is written, at most `most`; one character is enough.
pub fn search(tx: &mut Tx<'_>, query: &str, most: i32) -> Result<Vec<CompanySummary>, DbError> {
    let query = reach::searched(query);
    Ok(companies::table
        .filter(db::search::found("companies.id", "search_company_ids", &query, most))
        .order((companies::kana_key, companies::id))
        .select(CompanySummary::as_select())
        .load(tx.conn())?)
}

/// The names of these companies, for lists of other crates; an id this town does not know is left out.
pub fn names(tx: &mut Tx<'_>, ids: &[CompanyId]) -> Result<HashMap<CompanyId, String>, DbError> {
    let rows: Vec<(CompanyId, String)> = companies::table
        .filter(companies::id.eq_any(ids))
        .select((companies::id, companies::name))
        .load(tx.conn())?;
    Ok(rows.into_iter().collect())
}

/// Which of these corporate numbers this town has as companies, and under which ids.
pub fn by_numbers(
    tx: &mut Tx<'_>,
    numbers: &[CorporateNumber],
) -> Result<HashMap<CorporateNumber, CompanyId>, DbError> {
    let rows: Vec<(Option<CorporateNumber>, CompanyId)> = companies::table
        .filter(companies::corporate_number.eq_any(numbers))
        .filter(companies::merged_into.is_null())
        .select((companies::corporate_number, companies::id))
        .load(tx.conn())?;
    Ok(rows.into_iter().filter_map(|(number, id)| number.map(|number| (number, id))).collect())
}

/// The day on which, by the public register, the company's record was closed or its number deleted; `None` for a
/// company that is open, has no number here or stands in no imported register. Ask before logging anything on it.
pub fn closed_on(tx: &mut Tx<'_>, id: CompanyId) -> Result<Option<NaiveDate>, DbError> {
    let Some(number) = find(tx, id)?.corporate_number else {
        return Ok(None);
    };
    match registry::find(tx, &number) {
        Ok(registered) => Ok(registered.record.ended_on()),
        Err(DbError::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
pub(super) mod explaining {
    //! How PostgreSQL would read a page.

    use super::*;

    pub(in crate::companies) fn plan(tx: &mut Tx<'_>, after: CompanyKey) -> Result<String, DbError> {
        let paging = Paging { after: Some(after), ..Paging::first(10) };
        db::testing::plan(tx, matching(CompanyFilter::default(), &paging))
    }
}
