//! Reading what a worker has said of their registration.

use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::WorkerId;

use super::model::InvoiceRegistration;
use super::store::RegistrationRow;
use crate::schema::invoice_registrations;

/// How many answers of one worker are shown; nobody changes it often.
const MOST_ANSWERS: i64 = 50;

/// Every answer of a worker, the latest – the one that counts – first.
pub fn of_worker(tx: &mut Tx<'_>, worker: WorkerId) -> Result<Vec<InvoiceRegistration>, DbError> {
    let rows: Vec<RegistrationRow> = invoice_registrations::table
        .filter(invoice_registrations::worker_id.eq(worker))
        .order(invoice_registrations::id.desc())
        .limit(MOST_ANSWERS)
        .select(RegistrationRow::as_select())
        .load(tx.conn())?;
    Ok(rows.into_iter().map(InvoiceRegistration::from).collect())
}
