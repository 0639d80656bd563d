//! Rows and writes of `fix_decisions`, which the application may only insert.

use chrono::{DateTime, NaiveDate, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::{DeliveryId, PersonId, ReviewId, UnitId, Yen};

use super::model::{FixDecision, FixFields, Mender};
use crate::reviews::Fault;
use crate::schema::fix_decisions;
use crate::terms::TermsNoticeId;

#[derive(Queryable, Selectable)]
#[diesel(table_name = fix_decisions)]
pub(super) struct FixRow {
    unit_id: UnitId,
    delivery_id: Option<DeliveryId>,
    fault: Fault,
    mender: Mender,
    extra_pay: Yen,
    due_on: NaiveDate,
    comment: String,
    terms_notice_id: Option<TermsNoticeId>,
    decided_by: PersonId,
    decided_at: DateTime<Utc>,
    review_id: Option<ReviewId>,
}

/// What a decision answers.
pub(super) enum Cause {
    /// A client's wish.
    Delivery(DeliveryId),
    /// A verdict that found the specification changed.
    Review(ReviewId),
}

impl From<FixRow> for FixDecision {
    fn from(row: FixRow) -> Self {
        Self {
            unit: row.unit_id,
            delivery: row.delivery_id,
            review: row.review_id,
            fault: row.fault,
            mender: row.mender,
            extra_pay: row.extra_pay,
            due_on: row.due_on,
            comment: row.comment,
            terms_notice: row.terms_notice_id,
            decided_by: row.decided_by,
            decided_at: row.decided_at,
        }
    }
}

pub(super) fn insert(
    tx: &mut Tx<'_>,
    (unit, cause): (UnitId, Cause),
    fields: &FixFields,
    terms: Option<TermsNoticeId>,
    decider: PersonId,
) -> Result<FixDecision, DbError> {
    let now = tx.now();
    let (delivery, review) = match cause {
        Cause::Delivery(delivery) => (Some(delivery), None),
        Cause::Review(review) => (None, Some(review)),
    };
    let row: FixRow = diesel::insert_into(fix_decisions::table)
        .values((
            fix_decisions::unit_id.eq(unit),
            fix_decisions::delivery_id.eq(delivery),
            fix_decisions::review_id.eq(review),
            fix_decisions::fault.eq(fields.fault),
            fix_decisions::mender.eq(fields.mender),
            fix_decisions::extra_pay.eq(fields.extra_pay),
            fix_decisions::due_on.eq(fields.due_on),
            fix_decisions::comment.eq(&fields.comment),
            fix_decisions::terms_notice_id.eq(terms),
            fix_decisions::decided_by.eq(decider),
            fix_decisions::decided_at.eq(now),
        ))
        .returning(FixRow::as_returning())
        .get_result(tx.conn())?;
    Ok(row.into())
}
