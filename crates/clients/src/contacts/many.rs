//! Many contacts at once, for imports: found by what they may be recognised by, added by the rules of one, taken back
//! while nobody has touched them.

use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::{CompanyId, ContactId, likeness};

use super::model::{Contact, ContactFields, ContactInput};
use super::store::{self, ContactRow};
use super::{ContactError, Invalid};
use crate::schema::contacts;

fn read(rows: Vec<ContactRow>) -> Vec<Contact> {
    rows.into_iter().map(Contact::from).collect()
}

/// What was merged into another is not found: rows of a file are about what stands.
#[diesel::dsl::auto_type(no_type_alias)]
fn standing() -> _ {
    contacts::table.filter(contacts::merged_into.is_null())
}

/// Those of `ids` that this town has.
pub fn find_many(tx: &mut Tx<'_>, ids: &[ContactId]) -> Result<Vec<Contact>, DbError> {
    let rows = standing().filter(contacts::id.eq_any(ids)).select(ContactRow::as_select()).load(tx.conn())?;
    Ok(read(rows))
}

/// This town's contacts with one of these mail addresses, given by their [keys](kernel::EmailAddress::key); at most
/// `most`.
pub fn with_emails(tx: &mut Tx<'_>, keys: &[String], most: i64) -> Result<Vec<Contact>, DbError> {
    let rows = standing()
        .filter(contacts::email_key.eq_any(keys))
        .order(contacts::id)
        .limit(most)
        .select(ContactRow::as_select())
        .load(tx.conn())?;
    Ok(read(rows))
}

/// Everybody at these companies; at most `most`.
pub fn of_companies(tx: &mut Tx<'_>, companies: &[CompanyId], most: i64) -> Result<Vec<Contact>, DbError> {
    let rows = standing()
        .filter(contacts::company_id.eq_any(companies))
        .order(contacts::id)
        .limit(most)
        .select(ContactRow::as_select())
        .load(tx.conn())?;
    Ok(read(rows))
}

/// Contacts of these companies whose names look like one of `names`; at most `most`.
pub fn with_names(
    tx: &mut Tx<'_>,
    companies: &[CompanyId],
    names: &[String],
    most: i64,
) -> Result<Vec<Contact>, DbError> {
    let keys: Vec<String> = names.iter().map(|name| likeness::name_key(name)).collect();
    let rows = standing()
        .filter(contacts::company_id.eq_any(companies))
        .filter(contacts::name_key.eq_any(keys))
        .order(contacts::id)
        .limit(most)
        .select(ContactRow::as_select())
        .load(tx.conn())?;
    Ok(read(rows))
}

/// Adds all of `inputs`, each to its company, in one statement and in their order, whoever looks like them. The first
/// that cannot be accepted refuses them all.
pub fn add_many(tx: &mut Tx<'_>, inputs: &[(CompanyId, ContactInput)]) -> Result<Vec<Contact>, ContactError> {
    let checked = |(company, input): &(CompanyId, ContactInput)| Ok((*company, input.checked()?));
    let fields: Vec<(CompanyId, ContactFields)> =
        inputs.iter().map(checked).collect::<Result<_, Invalid>>()?;
    Ok(store::insert_many(tx, &fields)?)
}

/// Removes those of `ids` that are as they were added; gives back which. One that something refers to refuses them all
/// ([`DbError::is_still_referenced`]).
pub fn take_back(tx: &mut Tx<'_>, ids: &[ContactId]) -> Result<Vec<ContactId>, DbError> {
    store::delete_new(tx, ids)
}
