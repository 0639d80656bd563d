//! Rows and writes of `units` and `unit_events`.

use chrono::NaiveDate;
use db::{DbError, Tx};
use diesel::dsl::{exists, not};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Integer, Nullable, Text, Timestamptz};
use kernel::{JobId, OrderId, PersonId, UnitId, Yen};

use super::UnitError;
use super::model::{CancelFault, Move, PassedBasis, Unit, UnitState, next};
use crate::claims::EndKind;
use crate::earnings::EarningKind;
use crate::schema::{assignments, earnings, hand_overs, review_appeals, reviews, units};

#[derive(Queryable, Selectable)]
#[diesel(table_name = units)]
pub(crate) struct UnitRow {
    id: UnitId,
    order_id: OrderId,
    job_id: JobId,
    position: i32,
    label: String,
    content: String,
    state: UnitState,
    passed_basis: Option<PassedBasis>,
    holder_id: Option<PersonId>,
    cancel_fault: Option<CancelFault>,
    compensation: Option<Yen>,
    version: i32,
    due_on: Option<NaiveDate>,
}

impl From<UnitRow> for Unit {
    fn from(row: UnitRow) -> Self {
        Self {
            id: row.id,
            order_id: row.order_id,
            job_id: row.job_id,
            position: row.position,
            label: row.label,
            content: row.content,
            state: row.state,
            passed_basis: row.passed_basis,
            holder_id: row.holder_id,
            cancel_fault: row.cancel_fault,
            compensation: row.compensation,
            version: row.version,
            due_on: row.due_on,
        }
    }
}

/// Reads one unit and keeps everybody else from moving it until this transaction ends.
pub(crate) fn lock(tx: &mut Tx<'_>, id: UnitId) -> Result<Unit, DbError> {
    let row: UnitRow = units::table
        .filter(units::id.eq(id))
        .select(UnitRow::as_select())
        .for_no_key_update()
        .first(tx.conn())?;
    Ok(row.into())
}

/// Locks those of some units that nobody is just moving.
pub(crate) fn lock_free(tx: &mut Tx<'_>, ids: &[UnitId]) -> Result<Vec<Unit>, DbError> {
    let rows: Vec<UnitRow> = units::table
        .filter(units::id.eq_any(ids))
        .order(units::id)
        .select(UnitRow::as_select())
        .for_no_key_update()
        .skip_locked()
        .load(tx.conn())?;
    Ok(rows.into_iter().map(Unit::from).collect())
}

/// Keeps everybody from moving any unit of an order until this transaction ends; always in one sequence, so that two
/// of these wait and never deadlock. A move that came first is waited for, one that comes after finds the new state.
pub(crate) fn lock_of_order(tx: &mut Tx<'_>, order: OrderId) -> Result<(), DbError> {
    let _locked: Vec<UnitId> = units::table
        .filter(units::order_id.eq(order))
        .order(units::id)
        .select(units::id)
        .for_no_key_update()
        .load(tx.conn())?;
    Ok(())
}

/// Which waiting units a person may take: none that they checked or decided an appeal about, that review took from them, whose pay
/// they have earned already, or of which they handed a part over.
#[diesel::dsl::auto_type]
pub(crate) fn open_to(person: PersonId) -> _ {
    let offered: UnitState = UnitState::Offered;
    let theirs: not_closed_to = not_closed_to(person);
    units::state.eq(offered).and(theirs)
}

/// The same of units that wait anyway.
#[diesel::dsl::auto_type]
fn not_closed_to(person: PersonId) -> _ {
    let (rejected, pay): (EndKind, EarningKind) = (EndKind::Rejected, EarningKind::Unit);
    let checked =
        reviews::table.filter(reviews::unit_id.eq(units::id)).filter(reviews::checker_id.eq(person));
    let judged = review_appeals::table
        .filter(review_appeals::unit_id.eq(units::id))
        .filter(review_appeals::decided_by.eq(person));
    let taken_away = assignments::table
        .filter(assignments::unit_id.eq(units::id))
        .filter(assignments::person_id.eq(person))
        .filter(assignments::end_kind.eq(rejected));
    let earned = earnings::table
        .filter(earnings::unit_id.eq(units::id))
        .filter(earnings::person_id.eq(person))
        .filter(earnings::kind.eq(pay));
    let made_a_part =
        hand_overs::table.filter(hand_overs::unit_id.eq(units::id)).filter(hand_overs::person_id.eq(person));
    not(exists(checked))
        .and(not(exists(judged)))
        .and(not(exists(taken_away)))
        .and(not(exists(earned)))
        .and(not(exists(made_a_part)))
}

/// Units with this day of their own, or with none. Not `IS NOT DISTINCT FROM`: no index answers that, and what it lets
/// through is reckoned as nothing, after which every waiting unit of a job is sorted for one claim.
fn due_on_own_day(
    own_day: Option<NaiveDate>,
) -> Box<dyn BoxableExpression<units::table, Pg, SqlType = Nullable<Bool>>> {
    match own_day {
        Some(day) => Box::new(units::due_on.eq(day)),
        None => Box::new(units::due_on.is_null().nullable()),
    }
}

/// The next `count` units of a job that `person` may take and nobody is just taking, locked: those due on `own_day`, or
/// on the job's day where there is none.
///
/// Their state lies between one and the same, and leads the order: of all indexes that leaves `units_of_job`, which begins
/// with what waits. Asked for by `=`, they are sought in the order of their positions as well, from the job's first on and over
/// all that are gone, wherever the planner takes most for waiting.
pub(crate) fn take_offered(
    tx: &mut Tx<'_>,
    job: JobId,
    person: PersonId,
    own_day: Option<NaiveDate>,
    count: i64,
) -> Result<Vec<UnitId>, DbError> {
    Ok(units::table
        .filter(units::job_id.eq(job))
        .filter(due_on_own_day(own_day))
        .filter(units::state.ge(UnitState::Offered).and(units::state.le(UnitState::Offered)))
        .filter(not_closed_to(person))
        .order((units::state, units::position))
        .limit(count)
        .select(units::id)
        .for_no_key_update()
        .skip_locked()
        .load(tx.conn())?)
}

/// Gives a unit a day of its own.
pub(crate) fn set_due(tx: &mut Tx<'_>, id: UnitId, day: NaiveDate) -> Result<(), DbError> {
    diesel::update(units::table.filter(units::id.eq(id))).set(units::due_on.eq(day)).execute(tx.conn())?;
    Ok(())
}

/// Takes from the units of a job that nobody holds the days of their own before `day`: the job's later day is theirs.
pub(crate) fn drop_earlier_days(tx: &mut Tx<'_>, job: JobId, day: NaiveDate) -> Result<(), DbError> {
    let unheld = units::table
        .filter(units::job_id.eq(job))
        .filter(units::state.eq_any([UnitState::Draft, UnitState::Offered]))
        .filter(units::due_on.lt(day));
    diesel::update(unheld).set(units::due_on.eq(None::<NaiveDate>)).execute(tx.conn())?;
    Ok(())
}

/// Which units a statement is about.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Which<'a> {
    These(&'a [UnitId]),
    OfJob(JobId),
    OfOrder(OrderId),
}

impl Which<'_> {
    /// The condition on `units` that takes the two parameters of [`Which::ids`].
    pub(crate) fn condition(self) -> &'static str {
        match self {
            Self::These(_) => "units.id = ANY ($1)",
            Self::OfJob(_) => "units.job_id = ANY ($1)",
            Self::OfOrder(_) => "units.order_id = ANY ($1)",
        }
    }

    pub(crate) fn ids(self) -> Vec<i64> {
        match self {
            Self::These(ids) => ids.iter().map(|id| id.0).collect(),
            Self::OfJob(job) => vec![job.0],
            Self::OfOrder(order) => vec![order.0],
        }
    }
}

/// What a move leaves behind in its event and on the unit.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Mark<'a> {
    /// A coded reason, where the move alone does not say it.
    pub(crate) reason: Option<&'a str>,
    /// Free text for people.
    pub(crate) note: &'a str,
    /// Who holds it from now on.
    pub(crate) holder: Option<PersonId>,
    /// Whose fault a cancellation is.
    pub(crate) cancelled: Option<CancelFault>,
}

/// Moves exactly the given units from `from`; [`UnitError::Moved`] when one of them is no longer there.
pub(crate) fn advance(
    tx: &mut Tx<'_>,
    which: Which<'_>,
    from: UnitState,
    attempted: Move,
    mark: Mark<'_>,
) -> Result<(), UnitError> {
    let expected = which.ids().len();
    if advance_any(tx, which, from, attempted, mark)? == expected { Ok(()) } else { Err(UnitError::Moved) }
}

/// Moves those units of `which` that are in `from`, writes their events in the same statement, and says how many
/// there were.
pub(crate) fn advance_any(
    tx: &mut Tx<'_>,
    which: Which<'_>,
    from: UnitState,
    attempted: Move,
    mark: Mark<'_>,
) -> Result<usize, UnitError> {
    let to = next(from, attempted)?;
    let passed = match attempted {
        Move::Pass | Move::Restore => Some(PassedBasis::Reviewed),
        Move::PassUnseen => Some(PassedBasis::SampledOut),
        _ => None,
    };
    let (actor, now) = (tx.actor().to_string(), tx.now());
    let moved = db::prepared(format!(
        "WITH moved AS ( \
             UPDATE units SET state = $3, version = version + 1, \
                 holder_id = CASE WHEN $3 IN ('draft', 'offered') THEN NULL ELSE COALESCE($4, holder_id) END, \
                 passed_basis = CASE WHEN $3 IN ('passed', 'delivered', 'accepted', 'claimed_back') \
                     THEN COALESCE($5, passed_basis) END, \
                 cancel_fault = $6, \
                 compensation = CASE WHEN $3 = 'cancelled' THEN \
                     (SELECT COALESCE(sum(e.amount), 0)::bigint FROM earnings e \
                      WHERE e.unit_id = units.id AND e.person_id = units.holder_id) END \
             WHERE {} AND state = $2 RETURNING id) \
         INSERT INTO unit_events (unit_id, from_state, to_state, actor, reason, note, happened_at) \
         SELECT id, $2, $3, $7, $8, $9, $10 FROM moved ORDER BY id",
        which.condition()
    ))
    .bind::<Array<BigInt>, _>(which.ids())
    .bind::<Text, _>(from)
    .bind::<Text, _>(to)
    .bind::<Nullable<BigInt>, _>(mark.holder)
    .bind::<Nullable<Text>, _>(passed)
    .bind::<Nullable<Text>, _>(mark.cancelled)
    .bind::<Text, _>(actor)
    .bind::<Nullable<Text>, _>(mark.reason)
    .bind::<Text, _>(mark.note)
    .bind::<Timestamptz, _>(now)
    .execute(tx.conn())
    .map_err(DbError::from)?;
    Ok(moved)
}

/// One unit to be split off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewUnit {
    /// What people will call it.
    pub label: String,
    /// What its worker will work from.
    pub content: String,
}

/// How many units one statement writes: its parameters and the rows its triggers see fit into memory many times over.
pub(crate) const MOST_AT_ONCE: usize = 10_000;

/// Writes all units of a job and their first events, some thousand in a statement.
pub(crate) fn insert(tx: &mut Tx<'_>, order: OrderId, job: JobId, new: &[NewUnit]) -> Result<(), DbError> {
    let mut position = 1;
    for batch in new.chunks(MOST_AT_ONCE) {
        position = insert_from(tx, (order, job), position, batch)?;
    }
    Ok(())
}

/// Writes some units of a job from a position on; gives the position after them.
fn insert_from(
    tx: &mut Tx<'_>,
    (order, job): (OrderId, JobId),
    first: i32,
    new: &[NewUnit],
) -> Result<i32, DbError> {
    let labels: Vec<&str> = new.iter().map(|unit| unit.label.as_str()).collect();
    let contents: Vec<&str> = new.iter().map(|unit| unit.content.as_str()).collect();
    let positions: Vec<i32> = (first..).take(new.len()).collect();
    let next = positions.last().map_or(first, |last| last + 1);
    let (actor, now) = (tx.actor().to_string(), tx.now());
    db::prepared(
        "WITH made AS ( \
             INSERT INTO units (order_id, job_id, position, label, content) \
             SELECT $1, $2, n.position, n.label, n.content \
             FROM unnest($3, $4, $5) AS n (position, label, content) ORDER BY n.position \
             RETURNING id) \
         INSERT INTO unit_events (unit_id, to_state, actor, happened_at) \
         SELECT id, 'draft', $6, $7 FROM made ORDER BY id",
    )
    .bind::<BigInt, _>(order)
    .bind::<BigInt, _>(job)
    .bind::<Array<Integer>, _>(positions)
    .bind::<Array<Text>, _>(labels)
    .bind::<Array<Text>, _>(contents)
    .bind::<Text, _>(actor)
    .bind::<Timestamptz, _>(now)
    .execute(tx.conn())?;
    Ok(next)
}
