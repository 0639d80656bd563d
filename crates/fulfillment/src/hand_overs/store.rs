//! Rows and writes of `hand_overs` and `hand_over_files`.

use chrono::{DateTime, NaiveDate, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt};
use kernel::{AssignmentId, FileId, PersonId, UnitId, Yen};

use super::lists;
use super::model::{HandOver, HandOverFields, HandOverId};
use crate::jobs::PayDay;
use crate::schema::{assignments, hand_overs};
use crate::terms::TermsNoticeId;

#[derive(Queryable, Selectable)]
#[diesel(table_name = hand_overs)]
pub(super) struct PartRow {
    pub(super) id: HandOverId,
    unit_id: UnitId,
    person_id: PersonId,
    assignment_id: AssignmentId,
    result_text: String,
    memo: String,
    tenths: i16,
    unit_pay: Yen,
    pay_day: i16,
    terms_notice_id: TermsNoticeId,
    handed_over_at: DateTime<Utc>,
    decided_tenths: Option<i16>,
    reason: String,
    decided_at: Option<DateTime<Utc>>,
    fixed_pay_on: Option<NaiveDate>,
}

impl PartRow {
    pub(super) fn with(self, file_ids: Vec<FileId>) -> HandOver {
        HandOver {
            id: self.id,
            unit_id: self.unit_id,
            person_id: self.person_id,
            result_text: self.result_text,
            file_ids,
            memo: self.memo,
            tenths: self.tenths,
            unit_pay: self.unit_pay,
            pay_day: PayDay::stored(self.pay_day),
            fixed_pay_on: self.fixed_pay_on,
            handed_over_at: self.handed_over_at,
            decided_tenths: self.decided_tenths,
            reason: self.reason,
            decided_at: self.decided_at,
            terms_notice: self.terms_notice_id,
            assignment: self.assignment_id,
        }
    }
}

/// Who made a part, of what, under which conditions.
#[derive(Debug, Clone, Copy)]
pub(super) struct Made {
    pub(super) unit: UnitId,
    pub(super) person: PersonId,
    pub(super) assignment: AssignmentId,
    pub(super) unit_pay: Yen,
    pub(super) pay_day: PayDay,
    pub(super) fixed_pay_on: Option<NaiveDate>,
}

pub(super) fn insert(
    tx: &mut Tx<'_>,
    made: &Made,
    fields: &HandOverFields,
    files: Vec<FileId>,
) -> Result<HandOver, DbError> {
    let now = tx.now();
    let terms: TermsNoticeId = assignments::table
        .filter(assignments::id.eq(made.assignment))
        .select(assignments::terms_notice_id)
        .first(tx.conn())?;
    let row: PartRow = diesel::insert_into(hand_overs::table)
        .values((
            hand_overs::unit_id.eq(made.unit),
            hand_overs::person_id.eq(made.person),
            hand_overs::assignment_id.eq(made.assignment),
            hand_overs::result_text.eq(&fields.result_text),
            hand_overs::memo.eq(&fields.memo),
            hand_overs::tenths.eq(fields.tenths),
            hand_overs::unit_pay.eq(made.unit_pay),
            hand_overs::pay_day.eq(made.pay_day.number()),
            hand_overs::fixed_pay_on.eq(made.fixed_pay_on),
            hand_overs::terms_notice_id.eq(terms),
            hand_overs::handed_over_at.eq(now),
        ))
        .returning(PartRow::as_returning())
        .get_result(tx.conn())?;
    diesel::sql_query(
        "INSERT INTO hand_over_files (hand_over_id, file_id) SELECT $1, id FROM unnest($2) AS packed (id)",
    )
    .bind::<BigInt, _>(row.id)
    .bind::<Array<BigInt>, _>(files.clone())
    .execute(tx.conn())?;
    Ok(row.with(files))
}

/// Reads a part and keeps everybody else from deciding it until this transaction ends.
pub(super) fn lock(tx: &mut Tx<'_>, id: HandOverId) -> Result<HandOver, DbError> {
    let row: PartRow = hand_overs::table
        .filter(hand_overs::id.eq(id))
        .select(PartRow::as_select())
        .for_no_key_update()
        .first(tx.conn())?;
    let files = lists::files(tx, &[row.id])?.remove(&row.id).unwrap_or_default();
    Ok(row.with(files))
}

/// Writes a decision, once: [`DbError::NotFound`] where there is one.
pub(super) fn decide(
    tx: &mut Tx<'_>,
    id: HandOverId,
    tenths: i16,
    reason: &str,
    decider: PersonId,
) -> Result<HandOver, DbError> {
    let now = tx.now();
    let undecided = hand_overs::table.filter(hand_overs::id.eq(id)).filter(hand_overs::decided_at.is_null());
    let row: PartRow = diesel::update(undecided)
        .set((
            hand_overs::decided_tenths.eq(tenths),
            hand_overs::reason.eq(reason),
            hand_overs::decided_by.eq(decider),
            hand_overs::decided_at.eq(now),
        ))
        .returning(PartRow::as_returning())
        .get_result(tx.conn())?;
    let files = lists::files(tx, &[row.id])?.remove(&row.id).unwrap_or_default();
    Ok(row.with(files))
}
