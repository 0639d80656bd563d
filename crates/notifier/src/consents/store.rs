//! Rows of `mail_consents`: written once, never changed; what a merge took over goes with it when it is taken back.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt};
use kernel::{ContactId, MergeId};

use super::model::{Basis, Consent, allows};
use crate::schema::mail_consents;

/// How many lines of the record are shown.
const SHOWN: i64 = 50;

#[derive(Queryable, Selectable)]
#[diesel(table_name = mail_consents)]
struct Row {
    basis: Basis,
    note: String,
    recorded_at: DateTime<Utc>,
    recorded_by: String,
}

pub(super) fn insert(tx: &mut Tx<'_>, contact: ContactId, basis: Basis, note: &str) -> Result<(), DbError> {
    let (now, actor) = (tx.now(), tx.actor().to_string());
    diesel::insert_into(mail_consents::table)
        .values((
            mail_consents::contact_id.eq(contact),
            mail_consents::basis.eq(basis),
            mail_consents::note.eq(note),
            mail_consents::recorded_at.eq(now),
            mail_consents::recorded_by.eq(actor),
        ))
        .execute(tx.conn())?;
    Ok(())
}

diesel::define_sql_function! {
    /// The town of this transaction's scope.
    fn current_organization() -> BigInt;
}

diesel::define_sql_function! {
    /// Who stands for a contact: themselves, or whom they were merged into in the end.
    fn standing_contact(town: BigInt, contact: BigInt) -> BigInt;
}

pub(super) fn standing(tx: &mut Tx<'_>, contact: ContactId) -> Result<ContactId, DbError> {
    Ok(diesel::select(standing_contact(current_organization(), contact)).get_result(tx.conn())?)
}

/// Whether a refusal of a contact stands: they refused, and did not ask for advertising since, or somebody else did at the
/// same address.
pub fn refuses(tx: &mut Tx<'_>, contact: ContactId) -> Result<bool, DbError> {
    Ok(refusing(tx, &[contact])?.contains(&contact))
}

/// Those of `contacts` whose own refusal stands or that of somebody at the same address, in three statements for all of them.
pub fn refusing(tx: &mut Tx<'_>, contacts: &[ContactId]) -> Result<BTreeSet<ContactId>, DbError> {
    let shared = at_same_address(tx, contacts)?;
    let everybody: Vec<ContactId> =
        contacts.iter().copied().chain(shared.iter().map(|pair| pair.contact_id)).collect();
    let stand = refusing_themselves(tx, &everybody)?;
    let by_others = shared.iter().filter(|pair| stand.contains(&pair.contact_id)).map(|pair| pair.asked_id);
    let themselves = contacts.iter().copied().filter(|contact| stand.contains(contact));
    Ok(themselves.chain(by_others).collect())
}

/// Who else has a contact's mail address and refuses advertising there.
pub fn refused_by_others(tx: &mut Tx<'_>, contact: ContactId) -> Result<BTreeSet<ContactId>, DbError> {
    let others: Vec<ContactId> =
        at_same_address(tx, &[contact])?.into_iter().map(|pair| pair.contact_id).collect();
    refusing_themselves(tx, &others)
}

/// Two contacts of one mail address.
#[derive(QueryableByName)]
struct Shared {
    #[diesel(sql_type = BigInt)]
    asked_id: ContactId,
    #[diesel(sql_type = BigInt)]
    contact_id: ContactId,
}

fn at_same_address(tx: &mut Tx<'_>, contacts: &[ContactId]) -> Result<Vec<Shared>, DbError> {
    let found = diesel::sql_query("SELECT asked_id, contact_id FROM contacts_at_same_address($1)");
    Ok(found.bind::<Array<BigInt>, _>(contacts).load(tx.conn())?)
}

fn refusing_themselves(tx: &mut Tx<'_>, contacts: &[ContactId]) -> Result<BTreeSet<ContactId>, DbError> {
    let of_them = || mail_consents::table.filter(mail_consents::contact_id.eq_any(contacts));
    let refused: Vec<ContactId> = of_them()
        .filter(mail_consents::basis.eq(Basis::Refused))
        .distinct()
        .select(mail_consents::contact_id)
        .load(tx.conn())?;
    let latest: Vec<(ContactId, Basis)> = of_them()
        .distinct_on(mail_consents::contact_id)
        .order((mail_consents::contact_id, mail_consents::id.desc()))
        .select((mail_consents::contact_id, mail_consents::basis))
        .load(tx.conn())?;
    let stands =
        |(contact, latest): &(ContactId, Basis)| refused.contains(contact) && !allows(Some(*latest), true);
    Ok(latest.into_iter().filter(stands).map(|(contact, _)| contact).collect())
}

/// Writes the last refusal of `from` down for `into` too, until `merge` is taken back.
pub(super) fn take_over(
    tx: &mut Tx<'_>,
    merge: MergeId,
    from: ContactId,
    into: ContactId,
) -> Result<(), DbError> {
    let refusal = mail_consents::table
        .filter(mail_consents::contact_id.eq(from))
        .filter(mail_consents::basis.eq(Basis::Refused))
        .order(mail_consents::id.desc())
        .select(mail_consents::note);
    let note: String = refusal.first(tx.conn())?;
    let (now, actor) = (tx.now(), tx.actor().to_string());
    diesel::insert_into(mail_consents::table)
        .values((
            mail_consents::contact_id.eq(into),
            mail_consents::basis.eq(Basis::Refused),
            mail_consents::note.eq(note),
            mail_consents::recorded_at.eq(now),
            mail_consents::recorded_by.eq(actor),
            mail_consents::merge_id.eq(merge),
        ))
        .execute(tx.conn())?;
    Ok(())
}

pub(super) fn let_go(tx: &mut Tx<'_>, merge: MergeId) -> Result<(), DbError> {
    diesel::delete(mail_consents::table.filter(mail_consents::merge_id.eq(merge))).execute(tx.conn())?;
    Ok(())
}

/// Whether advertising may be sent to a contact now; not where somebody else at the same address refuses it.
pub fn is_allowed(tx: &mut Tx<'_>, contact: ContactId) -> Result<bool, DbError> {
    let (latest, refused) = told(tx, contact)?;
    Ok(allows(latest, refused) && refused_by_others(tx, contact)?.is_empty())
}

/// What a contact told last, and whether they ever refused.
fn told(tx: &mut Tx<'_>, contact: ContactId) -> Result<(Option<Basis>, bool), DbError> {
    let of_contact = mail_consents::table.filter(mail_consents::contact_id.eq(contact));
    let latest = of_contact
        .order(mail_consents::id.desc())
        .select(mail_consents::basis)
        .first(tx.conn())
        .optional()?;
    let refusal = of_contact.filter(mail_consents::basis.eq(Basis::Refused));
    let refused = diesel::select(diesel::dsl::exists(refusal)).get_result(tx.conn())?;
    Ok((latest, refused))
}

/// The record of one contact, newest first.
pub fn history(tx: &mut Tx<'_>, contact: ContactId) -> Result<Vec<Consent>, DbError> {
    let rows: Vec<Row> = mail_consents::table
        .filter(mail_consents::contact_id.eq(contact))
        .order(mail_consents::id.desc())
        .limit(SHOWN)
        .select(Row::as_select())
        .load(tx.conn())?;
    Ok(rows
        .into_iter()
        .map(|row| Consent {
            basis: row.basis,
            note: row.note,
            recorded_at: row.recorded_at,
            recorded_by: row.recorded_by,
        })
        .collect())
}
