//! Reading merges: one, those of a company, those of a contact.

use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::{CompanyId, ContactId, MergeId};

use super::model::Merge;
use super::store::{self, MergeRow};
use crate::schema::{contacts, merges};

/// How many merges of one company or contact are shown; one with more has been entered by a machine.
const SHOWN: i64 = 50;

/// One merge; [`DbError::NotFound`] where this town has none of that id.
pub fn find(tx: &mut Tx<'_>, id: MergeId) -> Result<Merge, DbError> {
    let row: MergeRow =
        merges::table.filter(merges::id.eq(id)).select(MergeRow::as_select()).first(tx.conn())?;
    store::read(tx, vec![row])?.pop().ok_or(DbError::NotFound)
}

/// What was merged into a company, the newest first, with the merges that were taken back.
pub fn of_company(tx: &mut Tx<'_>, company: CompanyId) -> Result<Vec<Merge>, DbError> {
    let rows: Vec<MergeRow> = merges::table
        .filter(merges::kept_company_id.eq(company))
        .order(merges::id.desc())
        .limit(SHOWN)
        .select(MergeRow::as_select())
        .load(tx.conn())?;
    store::read(tx, rows)
}

/// Who was merged into a contact, the newest first, with the merges that were taken back.
pub fn of_contact(tx: &mut Tx<'_>, contact: ContactId) -> Result<Vec<Merge>, DbError> {
    let rows: Vec<MergeRow> = merges::table
        .filter(merges::kept_contact_id.eq(contact))
        .order(merges::id.desc())
        .limit(SHOWN)
        .select(MergeRow::as_select())
        .load(tx.conn())?;
    store::read(tx, rows)
}

/// Whether people of these two companies were merged with each other, so that they cannot be parted.
pub(super) fn are_entangled(tx: &mut Tx<'_>, companies: [CompanyId; 2]) -> Result<bool, DbError> {
    let people: Vec<(ContactId, CompanyId, Option<ContactId>)> = contacts::table
        .filter(contacts::company_id.eq_any(companies))
        .select((contacts::id, contacts::company_id, contacts::merged_into))
        .load(tx.conn())?;
    let company_of =
        |id: ContactId| people.iter().find(|(one, ..)| *one == id).map(|(_, company, _)| *company);
    Ok(people.iter().any(|(_, company, into)| into.is_some_and(|into| company_of(into) != Some(*company))))
}
