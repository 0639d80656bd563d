//! Reading deductions, and the recorded faults for which one could be asked for.

use chrono::NaiveDate;
use db::{DbError, Tx};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Date, SmallInt, Text};
use kernel::{JobId, ReviewId, UnitId, Yen};

use super::model::{Deduction, DeductionId, Fault};
use super::store::DeductionRow;
use crate::jobs;
use crate::schema::pay_deductions;
use crate::statements::{Item, LineKind, StatementId};

/// One deduction; [`DbError::NotFound`] where this town has none of that id.
pub fn find(tx: &mut Tx<'_>, id: DeductionId) -> Result<Deduction, DbError> {
    let row: DeductionRow = pay_deductions::table
        .filter(pay_deductions::id.eq(id))
        .select(DeductionRow::as_select())
        .first(tx.conn())?;
    Ok(row.into())
}

/// Those of a statement, the oldest first; a handful at most.
pub fn of_statement(tx: &mut Tx<'_>, id: StatementId) -> Result<Vec<Deduction>, DbError> {
    let rows: Vec<DeductionRow> = pay_deductions::table
        .filter(pay_deductions::statement_id.eq(id))
        .order(pay_deductions::id)
        .select(DeductionRow::as_select())
        .load(tx.conn())?;
    Ok(rows.into_iter().map(Deduction::from).collect())
}

/// Those that wait for a second person, the oldest first; a handful at most.
pub fn open(tx: &mut Tx<'_>) -> Result<Vec<Deduction>, DbError> {
    let rows: Vec<DeductionRow> = pay_deductions::table
        .filter(pay_deductions::decided_at.is_null())
        .order(pay_deductions::id)
        .limit(MOST_OPEN)
        .select(DeductionRow::as_select())
        .load(tx.conn())?;
    Ok(rows.into_iter().map(Deduction::from).collect())
}

const MOST_OPEN: i64 = 100;

#[derive(QueryableByName)]
struct FaultRow {
    #[diesel(sql_type = BigInt)]
    review_id: ReviewId,
    #[diesel(sql_type = BigInt)]
    unit_id: UnitId,
    #[diesel(sql_type = Text)]
    label: String,
    #[diesel(sql_type = Text)]
    job_title: String,
    #[diesel(sql_type = Text)]
    comment: String,
    #[diesel(sql_type = BigInt)]
    most: Yen,
    #[diesel(sql_type = Date)]
    received_on: NaiveDate,
    #[diesel(sql_type = Date)]
    found_on: NaiveDate,
    #[diesel(sql_type = SmallInt)]
    inspect_days: i16,
    #[diesel(sql_type = Bool)]
    is_mended: bool,
}

impl FaultRow {
    /// Within the days of inspection that the terms named (フリーランス法3条の明示): what is found later is accepted as it is.
    fn is_in_time(&self) -> bool {
        self.found_on <= jobs::business_days_after(self.received_on, self.inspect_days)
    }
}

/// The faults of a statement's worker that reviews recorded in the units on it within their days of inspection, for which nothing is
/// taken off yet. A verdict that an
/// appeal overturned is none, nor is one whose appeal is not decided; and pay for a changed specification is no unit's own.
pub fn faults(tx: &mut Tx<'_>, id: StatementId) -> Result<Vec<Fault>, DbError> {
    let rows: Vec<FaultRow> = diesel::sql_query(
        "SELECT r.id AS review_id, r.unit_id, u.label, j.title AS job_title, r.comment, \
             (paid.amount - COALESCE((SELECT sum(d.amount) FROM pay_deductions d \
                 WHERE d.statement_id = $1 AND d.unit_id = r.unit_id AND d.is_approved IS NOT FALSE), 0))::bigint AS most, \
             (v.submitted_at AT TIME ZONE 'Asia/Tokyo')::date AS received_on, \
             (r.reviewed_at AT TIME ZONE 'Asia/Tokyo')::date AS found_on, j.inspect_days, \
             EXISTS (SELECT 1 FROM submissions l JOIN reviews p ON p.submission_id = l.id \
                 WHERE l.unit_id = v.unit_id AND l.maker_id = v.maker_id AND l.id > v.id AND p.verdict = 'pass' \
                     AND p.is_last) AS is_mended \
         FROM reviews r JOIN submissions v ON v.id = r.submission_id JOIN units u ON u.id = r.unit_id \
         JOIN jobs j ON j.id = u.job_id \
         JOIN (SELECT e.unit_id, e.person_id, sum(e.amount) AS amount FROM statement_earnings s \
               JOIN earnings e ON e.id = s.earning_id WHERE s.statement_id = $1 AND e.kind = 'unit' \
               GROUP BY e.unit_id, e.person_id) paid \
             ON paid.unit_id = r.unit_id AND paid.person_id = v.maker_id \
         WHERE r.fault = 'worker' AND NOT EXISTS (SELECT 1 FROM pay_deductions d \
             WHERE d.review_id = r.id AND d.is_approved IS NOT FALSE) \
           AND NOT EXISTS (SELECT 1 FROM review_appeals p \
             WHERE p.review_id = r.id AND (p.outcome IS NULL OR p.outcome <> 'upheld')) ORDER BY r.id",
    )
    .bind::<BigInt, _>(id)
    .load(tx.conn())?;
    let fault = |row: FaultRow| Fault {
        review_id: row.review_id,
        unit_id: row.unit_id,
        label: row.label,
        job_title: row.job_title,
        comment: row.comment,
        most: row.most,
        found_on: row.found_on,
        is_mended: row.is_mended,
    };
    Ok(rows.into_iter().filter(FaultRow::is_in_time).map(fault).filter(|fault| fault.most.0 > 0).collect())
}

#[derive(QueryableByName)]
struct ItemRow {
    #[diesel(sql_type = BigInt)]
    job_id: JobId,
    #[diesel(sql_type = Text)]
    title: String,
    #[diesel(sql_type = BigInt)]
    amount: Yen,
    #[diesel(sql_type = Bool)]
    is_withheld: bool,
    #[diesel(sql_type = Date)]
    received_on: NaiveDate,
}

/// What is taken off a statement: approved deductions, each with its unit's own rule of withholding.
pub(crate) fn items(tx: &mut Tx<'_>, id: StatementId) -> Result<Vec<Item>, DbError> {
    let rows: Vec<ItemRow> = db::prepared(
        "SELECT u.job_id, j.title, d.amount, COALESCE((SELECT w.withheld FROM job_withholdings w \
             WHERE w.job_id = j.id ORDER BY w.number DESC LIMIT 1), false) AS is_withheld, \
             (SELECT min(e.received_on) FROM statement_earnings s JOIN earnings e ON e.id = s.earning_id \
                 WHERE s.statement_id = $1 AND e.unit_id = d.unit_id) AS received_on \
         FROM pay_deductions d JOIN units u ON u.id = d.unit_id JOIN jobs j ON j.id = u.job_id \
         WHERE d.statement_id = $1 AND d.is_approved ORDER BY d.id",
    )
    .bind::<BigInt, _>(id)
    .load(tx.conn())?;
    let item = |row: ItemRow| Item {
        kind: LineKind::Deduction,
        job_id: row.job_id,
        title: row.title,
        amount: Yen(-row.amount.0),
        is_withheld: row.is_withheld,
        received_on: row.received_on,
    };
    Ok(rows.into_iter().map(item).collect())
}
