//! Many contacts at once, for imports: found by what they may be recognised by, added by the rules of one, taken back
//! while nobody has touched them.

use std::collections::{BTreeSet, HashMap};

use db::{DbError, Tx};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Text};
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

/// Who stands for those of `ids` that were merged into another; those that stand for themselves are left out.
pub fn standing_for(tx: &mut Tx<'_>, ids: &[ContactId]) -> Result<HashMap<ContactId, ContactId>, DbError> {
    let rows: Vec<Standing> = diesel::sql_query(
        "SELECT id, standing_contact(organization_id, id) AS standing FROM contacts \
         WHERE id = ANY ($1) AND merged_into IS NOT NULL",
    )
    .bind::<Array<BigInt>, _>(ids)
    .load(tx.conn())?;
    Ok(rows.into_iter().map(|row| (row.id, row.standing)).collect())
}

#[derive(QueryableByName)]
struct Standing {
    #[diesel(sql_type = BigInt)]
    id: ContactId,
    #[diesel(sql_type = BigInt)]
    standing: ContactId,
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = BigInt)]
    id: ContactId,
}

fn of_found(tx: &mut Tx<'_>, found: Vec<Found>) -> Result<Vec<Contact>, DbError> {
    find_many(tx, &found.into_iter().map(|one| one.id).collect::<Vec<_>>())
}

/// This town's contacts with one of these mail addresses, given by their [keys](kernel::EmailAddress::key); of each at most
/// `most`.
pub fn with_emails(tx: &mut Tx<'_>, keys: &[String], most: i64) -> Result<Vec<Contact>, DbError> {
    let found: Vec<Found> = diesel::sql_query(
        "SELECT mailed.id FROM (SELECT DISTINCT key FROM unnest($1) AS emails (key)) asked CROSS JOIN LATERAL ( \
             SELECT c.id FROM contacts c WHERE c.email_key = asked.key AND c.merged_into IS NULL \
             ORDER BY c.id LIMIT $2) mailed",
    )
    .bind::<Array<Text>, _>(keys)
    .bind::<BigInt, _>(most)
    .load(tx.conn())?;
    of_found(tx, found)
}

/// People of a company whose names look like the one beside it; of each pair at most `most`.
pub fn with_names(
    tx: &mut Tx<'_>,
    people: &[(CompanyId, String)],
    most: i64,
) -> Result<Vec<Contact>, DbError> {
    let pairs: BTreeSet<(CompanyId, String)> =
        people.iter().map(|(company, name)| (*company, likeness::name_key(name))).collect();
    let (companies, keys): (Vec<CompanyId>, Vec<String>) = pairs.into_iter().unzip();
    let found: Vec<Found> = diesel::sql_query(
        "SELECT named.id FROM unnest($1, $2) AS asked (company, key) CROSS JOIN LATERAL ( \
             SELECT c.id FROM contacts c \
             WHERE c.company_id = asked.company AND c.name_key = asked.key AND c.merged_into IS NULL \
             ORDER BY c.id LIMIT $3) named",
    )
    .bind::<Array<BigInt>, _>(companies)
    .bind::<Array<Text>, _>(keys)
    .bind::<BigInt, _>(most)
    .load(tx.conn())?;
    of_found(tx, found)
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
