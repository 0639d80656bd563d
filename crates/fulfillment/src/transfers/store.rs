//! Rows and writes of the paying account, and of which files were made.

use chrono::{DateTime, NaiveDate, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::{PersonId, Yen};
use workforce::bank_accounts::AccountKind;

use super::model::{Payer, PayerFields, TransferFile, TransferFileId};
use crate::schema::{payers, transfer_files};
use crate::terms::TermsDigest;

#[derive(Queryable, Selectable)]
#[diesel(table_name = payers)]
pub(super) struct PayerRow {
    originator_code: String,
    name: String,
    bank: String,
    branch: String,
    kind: AccountKind,
    number: String,
    changed_at: DateTime<Utc>,
    version: i32,
}

impl From<PayerRow> for Payer {
    fn from(row: PayerRow) -> Self {
        Self {
            originator_code: row.originator_code,
            name: row.name,
            bank: row.bank,
            branch: row.branch,
            kind: row.kind,
            number: row.number,
            changed_at: row.changed_at,
            version: row.version,
        }
    }
}

/// Writes the account over the one that stands at `version`, or the first where that is 0; `None` where another stands by now.
pub(super) fn save_payer(
    tx: &mut Tx<'_>,
    version: i32,
    fields: &PayerFields,
) -> Result<Option<Payer>, DbError> {
    let now = tx.now();
    let values = (
        payers::originator_code.eq(&fields.originator_code),
        payers::name.eq(&fields.name),
        payers::bank.eq(&fields.bank),
        payers::branch.eq(&fields.branch),
        payers::kind.eq(fields.kind),
        payers::number.eq(&fields.number),
        payers::changed_at.eq(now),
    );
    let row: Option<PayerRow> = if version == 0 {
        diesel::insert_into(payers::table)
            .values(values)
            .on_conflict_do_nothing()
            .returning(PayerRow::as_returning())
            .get_result(tx.conn())
            .optional()?
    } else {
        diesel::update(payers::table)
            .filter(payers::version.eq(version))
            .set((values, payers::version.eq(version + 1)))
            .returning(PayerRow::as_returning())
            .get_result(tx.conn())
            .optional()?
    };
    Ok(row.map(Payer::from))
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = transfer_files)]
pub(super) struct FileRow {
    id: TransferFileId,
    pay_on: NaiveDate,
    transfer_on: NaiveDate,
    payments: i32,
    total: Yen,
    without_account: i32,
    sha256: Vec<u8>,
    made_by: PersonId,
    made_at: DateTime<Utc>,
    payer_version: Option<i32>,
    voided_at: Option<DateTime<Utc>>,
    voided_by: Option<PersonId>,
}

impl From<FileRow> for TransferFile {
    fn from(row: FileRow) -> Self {
        Self {
            id: row.id,
            pay_on: row.pay_on,
            transfer_on: row.transfer_on,
            payments: row.payments,
            total: row.total,
            without_account: row.without_account,
            sha256: TermsDigest::from_bytes(&row.sha256).map(|digest| digest.to_string()).unwrap_or_default(),
            made_by: row.made_by,
            made_at: row.made_at,
            payer_version: row.payer_version,
            voided_at: row.voided_at,
            voided_by: row.voided_by,
        }
    }
}

/// What is kept of a file that was made.
pub(super) struct NewFile {
    pub(super) pay_on: NaiveDate,
    pub(super) transfer_on: NaiveDate,
    /// How many payments, and what they come to.
    pub(super) transferable: (i64, Yen),
    pub(super) left_out: i64,
    pub(super) payer_version: i32,
    pub(super) digest: TermsDigest,
    pub(super) by: PersonId,
}

/// Notes that a file was made.
pub(super) fn insert_file(tx: &mut Tx<'_>, new: &NewFile) -> Result<TransferFile, DbError> {
    let now = tx.now();
    let count = |number: i64| i32::try_from(number).unwrap_or(i32::MAX);
    let (payments, total) = new.transferable;
    let row: FileRow = diesel::insert_into(transfer_files::table)
        .values((
            transfer_files::pay_on.eq(new.pay_on),
            transfer_files::transfer_on.eq(new.transfer_on),
            transfer_files::payments.eq(count(payments)),
            transfer_files::total.eq(total),
            transfer_files::without_account.eq(count(new.left_out)),
            transfer_files::sha256.eq(new.digest.bytes().to_vec()),
            transfer_files::made_by.eq(new.by),
            transfer_files::made_at.eq(now),
            transfer_files::payer_version.eq(new.payer_version),
        ))
        .returning(FileRow::as_returning())
        .get_result(tx.conn())?;
    Ok(row.into())
}

/// Reads one and keeps everybody else from voiding it until this transaction ends.
pub(super) fn lock_file(tx: &mut Tx<'_>, id: TransferFileId) -> Result<TransferFile, DbError> {
    let row: FileRow = transfer_files::table
        .filter(transfer_files::id.eq(id))
        .select(FileRow::as_select())
        .for_no_key_update()
        .first(tx.conn())?;
    Ok(row.into())
}

/// Notes that a file that is held was not sent to the bank.
pub(super) fn void_file(tx: &mut Tx<'_>, id: TransferFileId, by: PersonId) -> Result<TransferFile, DbError> {
    let now = tx.now();
    let standing =
        transfer_files::table.filter(transfer_files::id.eq(id)).filter(transfer_files::voided_at.is_null());
    let row: FileRow = diesel::update(standing)
        .set((transfer_files::voided_at.eq(now), transfer_files::voided_by.eq(by)))
        .returning(FileRow::as_returning())
        .get_result(tx.conn())?;
    Ok(row.into())
}
