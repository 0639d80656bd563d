//! Reading fixes: those nobody has decided about, and what was decided about one unit.

use chrono::{DateTime, NaiveDate, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Integer, Nullable, Text, Timestamptz};
use kernel::{DeliveryId, JobId, OrderId, Page, Paging, PersonId, UnitId, Yen};

use super::model::{FixDecision, FixKey, OpenFix};
use super::store::FixRow;
use crate::acceptance::ClientAnswer;
use crate::schema::{delivery_units, fix_decisions, units};
use crate::units::UnitState;

#[derive(QueryableByName)]
struct OpenRow {
    #[diesel(sql_type = BigInt)]
    unit: UnitId,
    #[diesel(sql_type = Text)]
    label: String,
    #[diesel(sql_type = BigInt)]
    job: JobId,
    #[diesel(sql_type = Text)]
    job_title: String,
    #[diesel(sql_type = BigInt)]
    unit_pay: Yen,
    #[diesel(sql_type = BigInt)]
    order: OrderId,
    #[diesel(sql_type = Text)]
    order_title: String,
    #[diesel(sql_type = Date)]
    order_due_on: NaiveDate,
    #[diesel(sql_type = BigInt)]
    holder: PersonId,
    #[diesel(sql_type = BigInt)]
    delivery: DeliveryId,
    #[diesel(sql_type = Integer)]
    delivery_number: i32,
    #[diesel(sql_type = Text)]
    note: String,
    #[diesel(sql_type = Timestamptz)]
    asked_at: DateTime<Utc>,
}

impl From<OpenRow> for OpenFix {
    fn from(row: OpenRow) -> Self {
        Self {
            unit: row.unit,
            label: row.label,
            job: row.job,
            job_title: row.job_title,
            unit_pay: row.unit_pay,
            order: row.order,
            order_title: row.order_title,
            order_due_on: row.order_due_on,
            holder: row.holder,
            delivery: row.delivery,
            delivery_number: row.delivery_number,
            note: row.note,
            asked_at: row.asked_at,
        }
    }
}

/// What clients want mended and nobody has decided about: of one order or of all, in the order the units were split off.
pub fn open(
    tx: &mut Tx<'_>,
    order: Option<OrderId>,
    paging: &Paging<FixKey>,
) -> Result<Page<OpenFix, FixKey>, DbError> {
    let after = paging.after.map_or(UnitId(0), |FixKey(unit)| unit);
    let rows = load(tx, order, after, paging.probe())?;
    Ok(Page::cut(rows, paging, |fix: &OpenFix| FixKey(fix.unit)))
}

/// The fix that waits at one unit; [`DbError::NotFound`] where none does.
pub fn find_open(tx: &mut Tx<'_>, unit: UnitId) -> Result<OpenFix, DbError> {
    let before = UnitId(unit.0 - 1);
    load(tx, None, before, 1)?.pop().filter(|fix| fix.unit == unit).ok_or(DbError::NotFound)
}

fn load(tx: &mut Tx<'_>, order: Option<OrderId>, after: UnitId, limit: i64) -> Result<Vec<OpenFix>, DbError> {
    let rows: Vec<OpenRow> = diesel::sql_query(
        "SELECT u.id AS unit, u.label, j.id AS job, j.title AS job_title, j.unit_pay, o.id AS order, \
             o.title AS order_title, o.due_on AS order_due_on, u.holder_id AS holder, d.id AS delivery, \
             d.number AS delivery_number, a.fix_note AS note, a.answered_at AS asked_at \
         FROM units u \
         JOIN LATERAL (SELECT * FROM delivery_units v WHERE v.unit_id = u.id AND v.answer = 'fix' \
                       ORDER BY v.delivery_id DESC LIMIT 1) a ON true \
         JOIN deliveries d ON d.id = a.delivery_id JOIN jobs j ON j.id = u.job_id JOIN orders o ON o.id = u.order_id \
         WHERE u.state = 'claimed_back' AND u.id > $1 AND ($2 IS NULL OR u.order_id = $2) \
         ORDER BY u.id LIMIT $3",
    )
    .bind::<BigInt, _>(after)
    .bind::<Nullable<BigInt>, _>(order)
    .bind::<BigInt, _>(limit)
    .load(tx.conn())?;
    Ok(rows.into_iter().map(OpenFix::from).collect())
}

/// How many wait for a decision: of one order or of all.
pub fn count_open(tx: &mut Tx<'_>, order: Option<OrderId>) -> Result<i64, DbError> {
    let mut open = units::table.filter(units::state.eq(UnitState::ClaimedBack)).into_boxed();
    if let Some(order) = order {
        open = open.filter(units::order_id.eq(order));
    }
    Ok(open.count().get_result(tx.conn())?)
}

/// What was decided about a unit, the oldest first; a handful.
pub fn of_unit(tx: &mut Tx<'_>, unit: UnitId) -> Result<Vec<FixDecision>, DbError> {
    let rows: Vec<FixRow> = fix_decisions::table
        .filter(fix_decisions::unit_id.eq(unit))
        .order(fix_decisions::id)
        .select(FixRow::as_select())
        .load(tx.conn())?;
    Ok(rows.into_iter().map(FixDecision::from).collect())
}

/// What a client wanted mended of one unit, with what was decided about it.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Wish {
    /// In the client's words.
    pub note: String,
    /// When.
    pub asked_at: DateTime<Utc>,
    /// What to do, in the coordinator's words; none until somebody decided.
    pub comment: Option<String>,
}

/// Everything the client wanted mended of a unit, the oldest first; a handful.
pub fn wishes(tx: &mut Tx<'_>, unit: UnitId) -> Result<Vec<Wish>, DbError> {
    let decided = fix_decisions::delivery_id
        .eq(delivery_units::delivery_id.nullable())
        .and(fix_decisions::unit_id.eq(delivery_units::unit_id));
    Ok(delivery_units::table
        .left_join(fix_decisions::table.on(decided))
        .filter(delivery_units::unit_id.eq(unit))
        .filter(delivery_units::answer.eq(ClientAnswer::Fix))
        .order(delivery_units::delivery_id)
        .select((
            delivery_units::fix_note,
            delivery_units::answered_at.assume_not_null(),
            fix_decisions::comment.nullable(),
        ))
        .load(tx.conn())?)
}
