//! Rows and writes of `invoice_registrations`.

use chrono::{DateTime, NaiveDate, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::{PersonId, WorkerId};

use super::model::{Answer, InvoiceRegistration};
use crate::schema::invoice_registrations;

#[derive(Queryable, Selectable)]
#[diesel(table_name = invoice_registrations)]
pub(super) struct RegistrationRow {
    id: i64,
    worker_id: WorkerId,
    number: Option<String>,
    valid_from: Option<NaiveDate>,
    valid_to: Option<NaiveDate>,
    recorded_by: PersonId,
    recorded_at: DateTime<Utc>,
}

impl From<RegistrationRow> for InvoiceRegistration {
    fn from(row: RegistrationRow) -> Self {
        Self {
            id: row.id,
            worker_id: row.worker_id,
            number: row.number,
            valid_from: row.valid_from,
            valid_to: row.valid_to,
            recorded_by: row.recorded_by,
            recorded_at: row.recorded_at,
        }
    }
}

pub(super) fn insert(
    tx: &mut Tx<'_>,
    worker: WorkerId,
    by: PersonId,
    answer: &Answer,
) -> Result<InvoiceRegistration, DbError> {
    let now = tx.now();
    let row: RegistrationRow = diesel::insert_into(invoice_registrations::table)
        .values((
            invoice_registrations::worker_id.eq(worker),
            invoice_registrations::number.eq(&answer.number),
            invoice_registrations::valid_from.eq(answer.valid_from),
            invoice_registrations::valid_to.eq(answer.valid_to),
            invoice_registrations::recorded_by.eq(by),
            invoice_registrations::recorded_at.eq(now),
        ))
        .returning(RegistrationRow::as_returning())
        .get_result(tx.conn())?;
    Ok(row.into())
}
