//! Reading the paying account, and which files were made.

use chrono::NaiveDate;
use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::{Page, Paging};

use super::model::{Payer, TransferFile, TransferFileId, TransferKey};
use super::store::{FileRow, PayerRow};
use crate::schema::{payers, transfer_files};

/// The account that the town pays from, where it has said so.
pub fn payer(tx: &mut Tx<'_>) -> Result<Option<Payer>, DbError> {
    let row: Option<PayerRow> = payers::table.select(PayerRow::as_select()).first(tx.conn()).optional()?;
    Ok(row.map(Payer::from))
}

/// The files that were made for a day, the newest first; there is hardly more than one.
pub fn files_of_day(tx: &mut Tx<'_>, pay_on: NaiveDate) -> Result<Vec<TransferFile>, DbError> {
    let rows: Vec<FileRow> = transfer_files::table
        .filter(transfer_files::pay_on.eq(pay_on))
        .order(transfer_files::id.desc())
        .limit(MOST_OF_DAY)
        .select(FileRow::as_select())
        .load(tx.conn())?;
    Ok(rows.into_iter().map(TransferFile::from).collect())
}

/// These files.
pub fn files(tx: &mut Tx<'_>, ids: &[TransferFileId]) -> Result<Vec<TransferFile>, DbError> {
    let rows: Vec<FileRow> = transfer_files::table
        .filter(transfer_files::id.eq_any(ids))
        .order(transfer_files::id)
        .select(FileRow::as_select())
        .load(tx.conn())?;
    Ok(rows.into_iter().map(TransferFile::from).collect())
}

/// The newest file of a day that was not voided.
pub(super) fn newest_standing(tx: &mut Tx<'_>, pay_on: NaiveDate) -> Result<Option<TransferFileId>, DbError> {
    Ok(transfer_files::table
        .filter(transfer_files::pay_on.eq(pay_on))
        .filter(transfer_files::voided_at.is_null())
        .order(transfer_files::id.desc())
        .select(transfer_files::id)
        .first(tx.conn())
        .optional()?)
}

/// As many as anybody reads.
const MOST_OF_DAY: i64 = 50;

/// The files that were made, the newest first.
pub fn list(
    tx: &mut Tx<'_>,
    paging: &Paging<TransferKey>,
) -> Result<Page<TransferFile, TransferKey>, DbError> {
    let before = paging.after.map_or(TransferFileId(i64::MAX), |TransferKey(id)| id);
    let rows: Vec<FileRow> = transfer_files::table
        .filter(transfer_files::id.lt(before))
        .order(transfer_files::id.desc())
        .limit(paging.probe())
        .select(FileRow::as_select())
        .load(tx.conn())?;
    let rows = rows.into_iter().map(TransferFile::from).collect();
    Ok(Page::cut(rows, paging, |file: &TransferFile| TransferKey(file.id)))
}
