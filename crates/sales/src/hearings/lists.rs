//! Reading hearing sheets, always with their samples.

use std::collections::HashMap;

use db::{DbError, Tx};
use diesel::prelude::*;
use files::StoredFile;
use kernel::{DealId, FileId};

use super::model::{Hearing, HearingId};
use super::store::HearingRow;
use crate::schema::{hearing_files, hearings};

/// One sheet; [`DbError::NotFound`] where this town has none of that id.
pub fn find(tx: &mut Tx<'_>, id: HearingId) -> Result<Hearing, DbError> {
    let row: HearingRow =
        hearings::table.filter(hearings::id.eq(id)).select(HearingRow::as_select()).first(tx.conn())?;
    with_samples(tx, vec![row])?.pop().ok_or(DbError::NotFound)
}

/// A deal's sheets in the order they were begun; one for each kind of work, so they come in one piece.
pub fn of_deal(tx: &mut Tx<'_>, deal: DealId) -> Result<Vec<Hearing>, DbError> {
    let rows = hearings::table
        .filter(hearings::deal_id.eq(deal))
        .order(hearings::id)
        .select(HearingRow::as_select())
        .load(tx.conn())?;
    with_samples(tx, rows)
}

/// Whether a file is a sample of some sheet.
pub fn is_sample(tx: &mut Tx<'_>, file: FileId) -> Result<bool, DbError> {
    let with_it = hearing_files::table.filter(hearing_files::file_id.eq(file));
    Ok(diesel::select(diesel::dsl::exists(with_it)).get_result(tx.conn())?)
}

fn with_samples(tx: &mut Tx<'_>, rows: Vec<HearingRow>) -> Result<Vec<Hearing>, DbError> {
    let ids: Vec<HearingId> = rows.iter().map(|row| row.id).collect();
    let named: Vec<(HearingId, FileId)> = hearing_files::table
        .filter(hearing_files::hearing_id.eq_any(&ids))
        .order((hearing_files::hearing_id, hearing_files::file_id))
        .select((hearing_files::hearing_id, hearing_files::file_id))
        .load(tx.conn())?;
    let found = files::find_many(tx, &named.iter().map(|(_, file)| *file).collect::<Vec<_>>())?;
    let mut samples: HashMap<HearingId, Vec<StoredFile>> = HashMap::new();
    for (hearing, file) in named {
        samples.entry(hearing).or_default().extend(found.get(&file).cloned());
    }
    Ok(rows
        .into_iter()
        .map(|row| {
            let own = samples.remove(&row.id).unwrap_or_default();
            row.with(own)
        })
        .collect())
}
