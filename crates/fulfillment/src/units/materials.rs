//! Files that units are worked from: one unit for each file of a folder.
//!
//! Invariant: whoever has a unit, or handed it in, reads its files, and nobody else but those who run the work
//! (`each_file_is_a_unit_that_its_holder_alone_reads`).

use db::{DbError, Tx};
use diesel::dsl::exists;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt};
use kernel::{FileId, JobId, UnitId};

use super::model::UnitState;
use crate::schema::{unit_files, units};

/// Gives the units of a new job their files, the first unit the first one.
pub(crate) fn keep(tx: &mut Tx<'_>, job: JobId, files: &[FileId]) -> Result<(), DbError> {
    if files.is_empty() {
        return Ok(());
    }
    diesel::sql_query(
        "INSERT INTO unit_files (unit_id, file_id) SELECT u.id, f.id \
         FROM unnest($2) WITH ORDINALITY AS f (id, place) JOIN units u ON u.job_id = $1 AND u.position = f.place",
    )
    .bind::<BigInt, _>(job)
    .bind::<Array<BigInt>, _>(files.iter().map(|file| file.0).collect::<Vec<i64>>())
    .execute(tx.conn())?;
    Ok(())
}

/// The files of a unit.
pub fn files_of(tx: &mut Tx<'_>, unit: UnitId) -> Result<Vec<FileId>, DbError> {
    Ok(unit_files::table
        .filter(unit_files::unit_id.eq(unit))
        .order(unit_files::file_id)
        .select(unit_files::file_id)
        .load(tx.conn())?)
}

/// Whether the acting person works from a file now: they may read it, whoever uploaded it.
pub fn is_material(tx: &mut Tx<'_>, file: FileId) -> Result<bool, DbError> {
    let person = crate::acting_person(tx)?;
    let held = unit_files::table
        .inner_join(units::table.on(units::id.eq(unit_files::unit_id)))
        .filter(unit_files::file_id.eq(file))
        .filter(units::holder_id.eq(person))
        .filter(units::state.eq_any(UnitState::UNDER_WAY.to_vec()));
    Ok(diesel::select(exists(held)).get_result(tx.conn())?)
}
