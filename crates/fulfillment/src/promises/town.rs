//! What a town knows on a day: its people with their hours and habits, and what is open. Read once, reckoned with often.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use db::{DbError, Tx};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Nullable, Text};
use kernel::{JobId, OrderId, PersonId, WorkerId};
use workforce::Needs;
use workforce::availability::{self, Asks, Plan};
use workforce::skills::{self, Fitness, SkillId};

use super::past;
use crate::capacity;
use crate::forecast::Habits;
use crate::orders::OrderState;
use crate::schema::{jobs, orders};
use crate::units::UnitState;

/// How many days ahead are looked at.
pub(crate) const HORIZON_DAYS: usize = 180;

/// Somebody in the programme.
#[derive(Debug, Clone)]
pub(crate) struct Someone {
    pub(crate) worker: WorkerId,
    pub(crate) person: PersonId,
    pub(crate) weekly_minutes: i64,
    pub(crate) plan: Plan,
    /// Minutes of each day from today on; none while they rest.
    pub(crate) days: Vec<i64>,
}

/// An order that is not closed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct OpenOrder {
    pub(crate) id: OrderId,
    pub(crate) due_on: NaiveDate,
    /// Minutes of what was ordered and is not split into units yet.
    pub(crate) unsplit_minutes: i64,
    /// The day on which partner towns are to have done what they still have of it; none where they have nothing.
    pub(crate) partner_on: Option<NaiveDate>,
}

/// A kind of piece of an open order.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Piece {
    pub(crate) unit_minutes: i32,
    pub(crate) needs: Needs,
}

/// Units of one job that are alike in state and holder.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lot {
    pub(crate) order: OrderId,
    pub(crate) job: JobId,
    pub(crate) state: UnitState,
    pub(crate) holder: Option<PersonId>,
    pub(crate) units: i64,
}

/// What a town knows.
pub(crate) struct Town {
    pub(crate) today: NaiveDate,
    pub(crate) people: Vec<Someone>,
    pub(crate) habits: Habits,
    /// By their days.
    pub(crate) orders: Vec<OpenOrder>,
    pub(crate) pieces: BTreeMap<JobId, Piece>,
    pub(crate) lots: Vec<Lot>,
    /// Who may be given work that asks for this, as indexes of `people`; those who have today off as well. Empty unless it was
    /// asked for.
    pub(crate) fits: HashMap<Needs, Vec<usize>>,
}

impl Town {
    pub(crate) fn read(tx: &mut Tx<'_>) -> Result<Self, DbError> {
        let today = crate::today(tx);
        let people = people(tx, today)?;
        let past = past::past(tx, &people)?;
        let habits = Habits::of(&past, today);
        let pieces = pieces(tx)?;
        let lots = lots(tx)?;
        let orders = open_orders(tx)?;
        Ok(Self { today, people, habits, orders, pieces, lots, fits: HashMap::new() })
    }

    /// [`Town::read`], and who may be given what: for whoever shares work out. Each kind of need is one look at everybody, which
    /// nobody else has to wait for.
    pub(crate) fn read_with_fits(tx: &mut Tx<'_>) -> Result<Self, DbError> {
        let mut town = Self::read(tx)?;
        for needs in town.pieces.values().map(|piece| piece.needs).chain([Needs::NOTHING]) {
            if let Entry::Vacant(unknown) = town.fits.entry(needs) {
                unknown.insert(fitting(tx, needs, &town.people, town.today)?);
            }
        }
        Ok(town)
    }

    /// Minutes that everybody offers within four weeks.
    pub(crate) fn offered(&self) -> i64 {
        self.people.iter().flat_map(|one| one.days.iter().take(28)).sum()
    }
}

fn is_there(fitness: Fitness) -> bool {
    matches!(fitness, Fitness::Fits | Fitness::OffToday)
}

fn people(tx: &mut Tx<'_>, today: NaiveDate) -> Result<Vec<Someone>, DbError> {
    let mut plans = availability::all_plans(tx)?;
    let everybody = skills::fitness(tx, Needs::NOTHING, today)?;
    let of = |one: skills::WorkerFitness| {
        let plan = plans.remove(&one.who.worker).unwrap_or_default();
        let weekly_minutes = i64::from(one.who.weekly_minutes);
        let hours = if is_there(one.fitness) { weekly_minutes } else { 0 };
        let days = capacity::minutes_ahead(&plan, hours, today, HORIZON_DAYS);
        Someone { worker: one.who.worker, person: one.who.person, weekly_minutes, plan, days }
    };
    Ok(everybody.into_iter().map(of).collect())
}

fn fitting(
    tx: &mut Tx<'_>,
    needs: Needs,
    people: &[Someone],
    today: NaiveDate,
) -> Result<Vec<usize>, DbError> {
    let places: HashMap<WorkerId, usize> = people.iter().zip(0..).map(|(one, at)| (one.worker, at)).collect();
    let everybody = skills::fitness(tx, needs, today)?;
    let fitting = everybody.iter().filter(|one| is_there(one.fitness));
    Ok(fitting.filter_map(|one| places.get(&one.who.worker).copied()).collect())
}

type JobRow = (JobId, i32, Option<SkillId>, i16, (bool, bool, bool));

fn pieces(tx: &mut Tx<'_>) -> Result<BTreeMap<JobId, Piece>, DbError> {
    let rows: Vec<JobRow> = jobs::table
        .inner_join(orders::table.on(orders::id.eq(jobs::order_id)))
        .filter(orders::state.eq_any([OrderState::Draft, OrderState::Running]))
        .select((
            jobs::id,
            jobs::unit_minutes,
            jobs::skill_id,
            jobs::skill_level,
            (jobs::asks_phone, jobs::asks_video, jobs::asks_long_slots),
        ))
        .load(tx.conn())?;
    let piece = |(id, unit_minutes, skill, level, (phone, video, long_slots)): JobRow| {
        let needs = Needs { skill, level, asks: Asks { phone, video, long_slots }, due_on: None };
        (id, Piece { unit_minutes, needs })
    };
    Ok(rows.into_iter().map(piece).collect())
}

#[derive(QueryableByName)]
struct LotRow {
    #[diesel(sql_type = BigInt)]
    order_id: OrderId,
    #[diesel(sql_type = BigInt)]
    job_id: JobId,
    #[diesel(sql_type = Text)]
    state: UnitState,
    #[diesel(sql_type = Nullable<BigInt>)]
    holder_id: Option<PersonId>,
    #[diesel(sql_type = BigInt)]
    units: i64,
}

fn lots(tx: &mut Tx<'_>) -> Result<Vec<Lot>, DbError> {
    let rows: Vec<LotRow> = diesel::sql_query(
        "SELECT c.order_id, c.job_id, c.state, c.holder_id, sum(c.units)::bigint AS units \
         FROM unit_counts c JOIN orders o ON o.id = c.order_id \
         WHERE o.state IN ('draft', 'running') AND c.state <> 'cancelled' \
         GROUP BY c.order_id, c.job_id, c.state, c.holder_id HAVING sum(c.units) > 0 \
         ORDER BY c.order_id, c.job_id, c.state, c.holder_id",
    )
    .load(tx.conn())?;
    let lot = |row: LotRow| Lot {
        order: row.order_id,
        job: row.job_id,
        state: row.state,
        holder: row.holder_id,
        units: row.units,
    };
    Ok(rows.into_iter().map(lot).collect())
}

#[derive(QueryableByName)]
struct OrderedRow {
    #[diesel(sql_type = BigInt)]
    id: OrderId,
    #[diesel(sql_type = Date)]
    due_on: NaiveDate,
    #[diesel(sql_type = Nullable<BigInt>)]
    unsplit_minutes: Option<i64>,
    #[diesel(sql_type = Nullable<Date>)]
    partner_on: Option<NaiveDate>,
}

/// Orders that are not closed, by their days. What is not split yet, and neither with a partner town nor done by one, has the
/// minutes its lines were quoted with, each piece as many as they all have on average. What partner towns still have of it takes
/// nobody's hours here, but is waited for.
fn open_orders(tx: &mut Tx<'_>) -> Result<Vec<OpenOrder>, DbError> {
    let rows: Vec<OrderedRow> = diesel::sql_query(
        "SELECT o.id, o.due_on, (COALESCE(l.minutes, 0) * GREATEST(l.pieces - COALESCE(s.pieces, 0) - p.pieces, 0) \
             / GREATEST(l.pieces, 1))::bigint AS unsplit_minutes, p.due_on AS partner_on \
         FROM orders o \
         LEFT JOIN LATERAL (SELECT sum(quantity::bigint * unit_minutes) AS minutes, sum(quantity)::bigint AS pieces \
             FROM order_lines WHERE order_id = o.id) l ON true \
         LEFT JOIN LATERAL (SELECT sum(c.units * j.unit_pieces)::bigint AS pieces FROM unit_counts c \
             JOIN jobs j ON j.id = c.job_id WHERE c.order_id = o.id AND c.state <> 'cancelled') s ON true \
         LEFT JOIN LATERAL (SELECT COALESCE(sum(CASE WHEN state IN ('offered', 'accepted') THEN quantity \
                 ELSE LEAST(accepted, quantity) END), 0)::bigint AS pieces, \
                 max(due_on) FILTER (WHERE state IN ('offered', 'accepted') AND accepted < quantity) AS due_on FROM shares \
             WHERE order_id = o.id AND side = 'out') p ON true \
         WHERE o.state IN ('draft', 'running') ORDER BY o.due_on, o.id",
    )
    .load(tx.conn())?;
    let of = |row: OrderedRow| OpenOrder {
        id: row.id,
        due_on: row.due_on,
        unsplit_minutes: row.unsplit_minutes.unwrap_or_default(),
        partner_on: row.partner_on,
    };
    Ok(rows.into_iter().map(of).collect())
}
