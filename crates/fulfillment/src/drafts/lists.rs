//! Reading drafts: one's own, and nobody else's.

use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::{FileId, PersonId, UnitId};

use super::model::Draft;
use super::store::DraftRow;
use crate::schema::{unit_draft_files, unit_drafts};

/// What the acting person has written for a unit; none where they have written nothing, whoever holds it.
pub fn find(tx: &mut Tx<'_>, unit: UnitId) -> Result<Option<Draft>, DbError> {
    let person = crate::acting_person(tx)?;
    let row: Option<DraftRow> = unit_drafts::table
        .filter(unit_drafts::unit_id.eq(unit))
        .filter(unit_drafts::person_id.eq(person))
        .select(DraftRow::as_select())
        .first(tx.conn())
        .optional()?;
    row.map(|row| Ok(row.with(files(tx, unit, person)?))).transpose()
}

/// The files of a draft, in the order in which they were taken in.
pub(super) fn files(tx: &mut Tx<'_>, unit: UnitId, person: PersonId) -> Result<Vec<FileId>, DbError> {
    Ok(unit_draft_files::table
        .filter(unit_draft_files::unit_id.eq(unit))
        .filter(unit_draft_files::person_id.eq(person))
        .order(unit_draft_files::file_id)
        .select(unit_draft_files::file_id)
        .load(tx.conn())?)
}
