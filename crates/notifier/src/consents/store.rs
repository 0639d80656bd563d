//! Rows of `mail_consents`: written once, never changed.

use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::ContactId;

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

/// Whether advertising may be sent to a contact now.
pub fn is_allowed(tx: &mut Tx<'_>, contact: ContactId) -> Result<bool, DbError> {
    let of_contact = mail_consents::table.filter(mail_consents::contact_id.eq(contact));
    let latest = of_contact
        .order(mail_consents::id.desc())
        .select(mail_consents::basis)
        .first(tx.conn())
        .optional()?;
    let refusal = of_contact.filter(mail_consents::basis.eq(Basis::Refused));
    let refused = diesel::select(diesel::dsl::exists(refusal)).get_result(tx.conn())?;
    Ok(allows(latest, refused))
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
