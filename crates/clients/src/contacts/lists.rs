//! Reading contacts: one, and all of one company.

use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::{CompanyId, ContactId, text};

use super::model::Contact;
use super::store::ContactRow;
use crate::schema::contacts;

/// How many people of one company are shown; a company with more is no client of ours.
const MOST_OF_A_COMPANY: i64 = 500;

/// One contact; [`DbError::NotFound`] where this town has none of that id.
pub fn find(tx: &mut Tx<'_>, id: ContactId) -> Result<Contact, DbError> {
    let row: ContactRow =
        contacts::table.filter(contacts::id.eq(id)).select(ContactRow::as_select()).first(tx.conn())?;
    Ok(row.into())
}

/// Everybody known at a company, in gojūon order; nobody where this town has no such company.
pub fn of_company(tx: &mut Tx<'_>, company: CompanyId) -> Result<Vec<Contact>, DbError> {
    let rows: Vec<ContactRow> = contacts::table
        .filter(contacts::company_id.eq(company))
        .order(contacts::id)
        .limit(MOST_OF_A_COMPANY)
        .select(ContactRow::as_select())
        .load(tx.conn())?;
    let mut people: Vec<Contact> = rows.into_iter().map(Contact::from).collect();
    people.sort_by_cached_key(reading);
    Ok(people)
}

/// Contacts whose name or reading contains `query`, at most `most`; one character is enough.
pub fn search(tx: &mut Tx<'_>, query: &str, most: i32) -> Result<Vec<Contact>, DbError> {
    let rows: Vec<ContactRow> = contacts::table
        .filter(db::search::found("contacts.id", "search_contact_ids", query, most))
        .order((contacts::family_kana, contacts::given_kana, contacts::id))
        .select(ContactRow::as_select())
        .load(tx.conn())?;
    Ok(rows.into_iter().map(Contact::from).collect())
}

fn reading(contact: &Contact) -> String {
    let known = if contact.family_kana.is_empty() { contact.display_name() } else { contact.display_kana() };
    text::kana_key(&known)
}
