//! Reading contacts: one, all of one company, a page of all in gojūon order, a search.

use std::collections::HashSet;

use db::{DbError, Tx};
use diesel::dsl::sql;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Text};
use kernel::{CompanyId, ContactId, Page, Paging, reach, text};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::model::Contact;
use super::store::ContactRow;
use crate::companies;
use crate::schema::contacts;

/// How many people of one company are shown; a company with more is no client of ours.
const MOST_OF_A_COMPANY: i64 = 500;

/// One contact, or the one they were merged into, who has another id; [`DbError::NotFound`] where this town has none of that
/// id.
pub fn find(tx: &mut Tx<'_>, id: ContactId) -> Result<Contact, DbError> {
    let mut wanted = id;
    loop {
        let row: ContactRow = contacts::table
            .filter(contacts::id.eq(wanted))
            .select(ContactRow::as_select())
            .first(tx.conn())?;
        match row.merged_into() {
            Some(into) => wanted = into,
            None => return Ok(row.into()),
        }
    }
}

/// Everybody known at a company, in gojūon order; nobody where this town has no such company.
pub fn of_company(tx: &mut Tx<'_>, company: CompanyId) -> Result<Vec<Contact>, DbError> {
    let rows: Vec<ContactRow> = contacts::table
        .filter(contacts::company_id.eq(company))
        .filter(contacts::merged_into.is_null())
        .order((contacts::kana_key, contacts::id))
        .limit(MOST_OF_A_COMPANY)
        .select(ContactRow::as_select())
        .load(tx.conn())?;
    Ok(rows.into_iter().map(Contact::from).collect())
}

/// These people, as they stand under these very ids, in no order.
pub fn of_ids(tx: &mut Tx<'_>, ids: &[ContactId]) -> Result<Vec<Contact>, DbError> {
    let rows: Vec<ContactRow> =
        contacts::table.filter(contacts::id.eq_any(ids)).select(ContactRow::as_select()).load(tx.conn())?;
    Ok(rows.into_iter().map(Contact::from).collect())
}

/// The ids of everybody known at a company.
pub fn ids_of_company(tx: &mut Tx<'_>, company: CompanyId) -> Result<Vec<ContactId>, DbError> {
    let of_company = contacts::table.filter(contacts::company_id.eq(company));
    Ok(of_company.filter(contacts::merged_into.is_null()).select(contacts::id).load(tx.conn())?)
}

/// How many contacts a company has, those merged into others too: as many as go along when it is merged itself.
pub fn count_of_company(tx: &mut Tx<'_>, company: CompanyId) -> Result<i64, DbError> {
    Ok(contacts::table.filter(contacts::company_id.eq(company)).count().get_result(tx.conn())?)
}

/// The keys ([`reach::phone_key`]) of those of `phones` at which somebody has refused to be called, whoever else may be
/// reached there.
pub fn refused_phones<'p>(
    tx: &mut Tx<'_>,
    phones: impl IntoIterator<Item = &'p str>,
) -> Result<HashSet<String>, DbError> {
    let mut keys: Vec<String> = phones.into_iter().map(reach::phone_key).collect();
    keys.retain(|key| !key.is_empty());
    if keys.is_empty() {
        return Ok(HashSet::new());
    }
    let refused: Vec<String> = contacts::table
        .filter(contacts::phone_key.eq_any(keys))
        .filter(diesel::dsl::not(contacts::may_be_called))
        .select(contacts::phone_key)
        .load(tx.conn())?;
    Ok(refused.into_iter().collect())
}

/// Which contacts a list shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ContactFilter {
    /// Everybody.
    #[default]
    Everybody,
    /// The call list: who has a telephone number at which nobody has refused to be called.
    ToBeCalled,
}

/// A contact in a list of the whole town.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ContactSummary {
    /// Who.
    #[serde(flatten)]
    pub contact: Contact,
    /// The name of their company.
    pub company: String,
}

/// Where a page of contacts ends: reading, then id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactKey(pub String, pub ContactId);

fn matching(filter: ContactFilter, paging: &Paging<ContactKey>) -> contacts::BoxedQuery<'static, Pg> {
    let mut query = contacts::table
        .filter(contacts::merged_into.is_null())
        .order((contacts::kana_key, contacts::id))
        .limit(paging.probe())
        .into_boxed();
    if filter == ContactFilter::ToBeCalled {
        query = query.filter(contacts::may_be_called).filter(contacts::phone.ne("")).filter(sql::<Bool>(
            "NOT EXISTS (SELECT FROM contacts refused WHERE refused.phone_key = contacts.phone_key \
             AND refused.phone_key <> '' AND NOT refused.may_be_called)",
        ));
    }
    if let Some(ContactKey(kana, id)) = &paging.after {
        // The first of the two bounds is one of the index, which the second alone would not be.
        query = query
            .filter(contacts::kana_key.ge(kana.clone()))
            .filter(contacts::kana_key.gt(kana.clone()).or(contacts::id.gt(*id)));
    }
    query
}

/// Contacts of the whole town in gojūon order, family name first.
pub fn list(
    tx: &mut Tx<'_>,
    filter: ContactFilter,
    paging: &Paging<ContactKey>,
) -> Result<Page<ContactSummary, ContactKey>, DbError> {
    let query = matching(filter, paging).select((ContactRow::as_select(), contacts::kana_key));
    let rows: Vec<(ContactRow, String)> = query.load(tx.conn())?;
    let rows: Vec<(Contact, String)> = rows.into_iter().map(|(row, kana)| (row.into(), kana)).collect();
    let page = Page::cut(rows, paging, |(contact, kana)| ContactKey(kana.clone(), contact.id));
    let Page { items, next } = page.map(|(contact, _)| contact);
    Ok(Page { items: with_companies(tx, items)?, next })
}

/// Contacts with the names of their companies.
pub(super) fn with_companies(
    tx: &mut Tx<'_>,
    contacts: Vec<Contact>,
) -> Result<Vec<ContactSummary>, DbError> {
    let ids: Vec<CompanyId> = contacts.iter().map(|contact| contact.company_id).collect();
    let names = companies::names(tx, &ids)?;
    let with_company = |contact: Contact| {
        let company = names.get(&contact.company_id).cloned().unwrap_or_default();
        ContactSummary { contact, company }
    };
    Ok(contacts.into_iter().map(with_company).collect())
}

/// Contacts whose name, reading, telephone number or mail address contains `query`, however it is written, at most
/// `most`; one character is enough.
pub fn search(tx: &mut Tx<'_>, query: &str, most: i32) -> Result<Vec<Contact>, DbError> {
    let query = reach::searched(query);
    let rows: Vec<ContactRow> = contacts::table
        .filter(db::search::found("contacts.id", "search_contact_ids", &query, most))
        .order((contacts::kana_key, contacts::id))
        .select(ContactRow::as_select())
        .load(tx.conn())?;
    Ok(rows.into_iter().map(Contact::from).collect())
}

/// Contacts of these companies that `query` finds, company by company; at most `most`. A company's contacts are few and have their
/// index.
pub fn search_of(
    tx: &mut Tx<'_>,
    companies: &[CompanyId],
    query: &str,
    most: i64,
) -> Result<Vec<Contact>, DbError> {
    if companies.is_empty() {
        return Ok(Vec::new());
    }
    let patterns = text::like_patterns(&reach::searched(query));
    let is_meant = sql::<Bool>("contacts.search_key LIKE ANY (").bind::<Array<Text>, _>(patterns);
    let rows: Vec<ContactRow> = contacts::table
        .filter(contacts::company_id.eq_any(companies))
        .filter(contacts::merged_into.is_null())
        .filter(is_meant.sql(")"))
        .order((contacts::company_id, contacts::kana_key, contacts::id))
        .limit(most)
        .select(ContactRow::as_select())
        .load(tx.conn())?;
    Ok(rows.into_iter().map(Contact::from).collect())
}

#[cfg(test)]
pub(super) mod explaining {
    //! How PostgreSQL would read a page.

    use super::*;

    pub(in crate::contacts) fn plans(tx: &mut Tx<'_>, after: &ContactKey) -> Result<Vec<String>, DbError> {
        let paging = Paging { after: Some(after.clone()), ..Paging::first(10) };
        [ContactFilter::Everybody, ContactFilter::ToBeCalled]
            .into_iter()
            .map(|filter| db::testing::plan(tx, matching(filter, &paging)))
            .collect()
    }
}
