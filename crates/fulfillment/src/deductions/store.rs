//! Rows and writes of `pay_deductions`.

use chrono::{DateTime, NaiveDate, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::{PersonId, ReviewId, UnitId, Yen};

use super::model::{Deduction, DeductionFields, DeductionGround, DeductionId};
use crate::schema::pay_deductions;
use crate::statements::StatementId;

#[derive(Queryable, Selectable)]
#[diesel(table_name = pay_deductions)]
pub(super) struct DeductionRow {
    id: DeductionId,
    statement_id: StatementId,
    unit_id: UnitId,
    review_id: ReviewId,
    amount: Yen,
    reason: String,
    asked_by: PersonId,
    asked_at: DateTime<Utc>,
    is_approved: Option<bool>,
    decided_by: Option<PersonId>,
    decided_at: Option<DateTime<Utc>>,
    ground: Option<DeductionGround>,
    basis: String,
    agreed_on: Option<NaiveDate>,
}

impl From<DeductionRow> for Deduction {
    fn from(row: DeductionRow) -> Self {
        Self {
            id: row.id,
            statement_id: row.statement_id,
            unit_id: row.unit_id,
            review_id: row.review_id,
            amount: row.amount,
            reason: row.reason,
            ground: row.ground,
            basis: row.basis,
            agreed_on: row.agreed_on,
            asked_by: row.asked_by,
            asked_at: row.asked_at,
            is_approved: row.is_approved,
            decided_by: row.decided_by,
            decided_at: row.decided_at,
        }
    }
}

pub(super) fn insert(
    tx: &mut Tx<'_>,
    statement: StatementId,
    fields: &DeductionFields,
    by: PersonId,
) -> Result<Deduction, DbError> {
    let now = tx.now();
    let row: DeductionRow = diesel::insert_into(pay_deductions::table)
        .values((
            pay_deductions::statement_id.eq(statement),
            pay_deductions::unit_id.eq(fields.unit_id),
            pay_deductions::review_id.eq(fields.review_id),
            pay_deductions::amount.eq(fields.amount),
            pay_deductions::reason.eq(&fields.reason),
            pay_deductions::ground.eq(fields.ground),
            pay_deductions::basis.eq(&fields.basis),
            pay_deductions::agreed_on.eq(fields.agreed_on),
            pay_deductions::asked_by.eq(by),
            pay_deductions::asked_at.eq(now),
        ))
        .returning(DeductionRow::as_returning())
        .get_result(tx.conn())?;
    Ok(row.into())
}

/// Reads one and keeps everybody else from deciding it until this transaction ends.
pub(super) fn lock(tx: &mut Tx<'_>, id: DeductionId) -> Result<Deduction, DbError> {
    let row: DeductionRow = pay_deductions::table
        .filter(pay_deductions::id.eq(id))
        .select(DeductionRow::as_select())
        .for_no_key_update()
        .first(tx.conn())?;
    Ok(row.into())
}

pub(super) fn decide(
    tx: &mut Tx<'_>,
    id: DeductionId,
    is_approved: bool,
    by: PersonId,
) -> Result<Deduction, DbError> {
    let now = tx.now();
    let waiting =
        pay_deductions::table.filter(pay_deductions::id.eq(id)).filter(pay_deductions::decided_at.is_null());
    let row: DeductionRow = diesel::update(waiting)
        .set((
            pay_deductions::is_approved.eq(is_approved),
            pay_deductions::decided_by.eq(by),
            pay_deductions::decided_at.eq(now),
        ))
        .returning(DeductionRow::as_returning())
        .get_result(tx.conn())?;
    Ok(row.into())
}
