//! Rows and writes of `unit_drafts` and `unit_draft_files`.

use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt};
use kernel::{FileId, PersonId, UnitId};

use super::lists;
use super::model::{Draft, DraftFields};
use crate::schema::{unit_draft_files, unit_drafts};

#[derive(Queryable, Selectable)]
#[diesel(table_name = unit_drafts)]
pub(super) struct DraftRow {
    unit_id: UnitId,
    result_text: String,
    memo: String,
    version: i32,
    saved_in: String,
    saved_at: DateTime<Utc>,
}

impl DraftRow {
    pub(super) fn with(self, file_ids: Vec<FileId>) -> Draft {
        Draft {
            unit_id: self.unit_id,
            result_text: self.result_text,
            memo: self.memo,
            file_ids,
            version: self.version,
            saved_in: self.saved_in,
            saved_at: self.saved_at,
        }
    }
}

/// Reads a draft and keeps everybody from changing it until this transaction ends.
pub(super) fn lock(tx: &mut Tx<'_>, unit: UnitId, person: PersonId) -> Result<Option<Draft>, DbError> {
    let row: Option<DraftRow> = unit_drafts::table
        .filter(unit_drafts::unit_id.eq(unit))
        .filter(unit_drafts::person_id.eq(person))
        .select(DraftRow::as_select())
        .for_no_key_update()
        .first(tx.conn())
        .optional()?;
    row.map(|row| Ok(row.with(lists::files(tx, unit, person)?))).transpose()
}

/// Writes a draft in the place of the locked version `before`, or the first one; `None` where another one was first.
pub(super) fn save(
    tx: &mut Tx<'_>,
    unit: UnitId,
    person: PersonId,
    before: Option<i32>,
    fields: &DraftFields,
    files: Vec<FileId>,
) -> Result<Option<Draft>, DbError> {
    let now = tx.now();
    let written = (
        unit_drafts::result_text.eq(&fields.result_text),
        unit_drafts::memo.eq(&fields.memo),
        unit_drafts::version.eq(before.unwrap_or(0) + 1),
        unit_drafts::saved_in.eq(&fields.saved_in),
        unit_drafts::saved_at.eq(now),
    );
    let row: Option<DraftRow> = match before {
        None => diesel::insert_into(unit_drafts::table)
            .values((unit_drafts::unit_id.eq(unit), unit_drafts::person_id.eq(person), written))
            .on_conflict_do_nothing()
            .returning(DraftRow::as_returning())
            .get_result(tx.conn())
            .optional()?,
        Some(version) => diesel::update(
            unit_drafts::table
                .filter(unit_drafts::unit_id.eq(unit))
                .filter(unit_drafts::person_id.eq(person))
                .filter(unit_drafts::version.eq(version)),
        )
        .set(written)
        .returning(DraftRow::as_returning())
        .get_result(tx.conn())
        .optional()?,
    };
    let Some(row) = row else { return Ok(None) };
    set_files(tx, unit, person, &files)?;
    Ok(Some(row.with(files)))
}

fn set_files(tx: &mut Tx<'_>, unit: UnitId, person: PersonId, files: &[FileId]) -> Result<(), DbError> {
    diesel::delete(
        unit_draft_files::table
            .filter(unit_draft_files::unit_id.eq(unit))
            .filter(unit_draft_files::person_id.eq(person))
            .filter(unit_draft_files::file_id.ne_all(files)),
    )
    .execute(tx.conn())?;
    diesel::sql_query(
        "INSERT INTO unit_draft_files (unit_id, person_id, file_id) \
         SELECT $1, $2, id FROM unnest($3) AS kept (id) ON CONFLICT DO NOTHING",
    )
    .bind::<BigInt, _>(unit)
    .bind::<BigInt, _>(person)
    .bind::<Array<BigInt>, _>(files.to_vec())
    .execute(tx.conn())?;
    Ok(())
}

pub(super) fn remove(tx: &mut Tx<'_>, unit: UnitId, person: PersonId) -> Result<(), DbError> {
    diesel::delete(
        unit_drafts::table.filter(unit_drafts::unit_id.eq(unit)).filter(unit_drafts::person_id.eq(person)),
    )
    .execute(tx.conn())?;
    Ok(())
}

/// By the index `unit_drafts_saved`; says how many there were.
pub(super) fn remove_older(tx: &mut Tx<'_>, before: DateTime<Utc>) -> Result<usize, DbError> {
    Ok(diesel::delete(unit_drafts::table.filter(unit_drafts::saved_at.lt(before))).execute(tx.conn())?)
}
