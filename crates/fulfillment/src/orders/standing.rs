//! Where orders stand: sums over `unit_counts`, in which every move of a unit notes what it changes (trigger
//! `count_units`), so that two hundred orders are read as some thousand rows and not as a million units.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use db::{DbError, Tx};
use diesel::dsl::count_star;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Date, Nullable, Text};
use kernel::{JobId, OrderId, Page, Paging, PersonId, WorkerId};
use workforce::availability::{self, Asks, Plan};
use workforce::skills::{self, Fitness, SkillId};
use workforce::{Needs, WorkerBrief, WorkerState, workers};

use super::lists::{OrderFilter, list};
use super::model::{Order, OrderKey, OrderState, Pieces, Progress};
use super::status::{Hours, InHand, OrderCounts, OrderStatus, PersonShare, Schedule, Strain, soon};
use super::store::OrderRow;
use crate::claims::{self, WeeklyMinutes, Worked};
use crate::schema::{jobs, orders};
use crate::units::{UnitState, due};
use crate::{promises, questions};

/// Where the units of one order stand.
pub fn progress(tx: &mut Tx<'_>, id: OrderId) -> Result<Progress, DbError> {
    Ok(parts_of(tx, &[id])?.remove(&id).map(|parts| progress_of(&parts)).unwrap_or_default())
}

/// One order counted in ordered pieces.
pub fn pieces(tx: &mut Tx<'_>, id: OrderId) -> Result<Pieces, DbError> {
    let parts = parts_of(tx, &[id])?.remove(&id).unwrap_or_default();
    Ok(pieces_of(&parts, ordered_of(tx, &[id])?.get(&id).copied().unwrap_or_default()))
}

/// How many ordered pieces of an order lie before its client or were accepted, and how many of these were accepted.
pub(crate) fn pieces_out(tx: &mut Tx<'_>, id: OrderId) -> Result<(i64, i64), DbError> {
    let parts = parts_of(tx, &[id])?.remove(&id).unwrap_or_default();
    let of = |states: &[UnitState]| {
        let counted = parts.iter().filter(|part| states.contains(&part.state));
        counted.map(|part| part.units * i64::from(part.job.unit_pieces)).sum()
    };
    Ok((of(&[UnitState::Delivered, UnitState::Accepted]), of(&[UnitState::Accepted])))
}

/// The running orders by due date, each with the answers to the seven questions.
pub fn running(tx: &mut Tx<'_>, paging: &Paging<OrderKey>) -> Result<Page<OrderStatus, OrderKey>, DbError> {
    let page = list(tx, OrderFilter { state: Some(OrderState::Running), ..OrderFilter::default() }, paging)?;
    Ok(Page { items: statuses(tx, page.items)?, next: page.next })
}

/// Every running order by due date, with the answers; a town has some dozens, some hundred at the very most.
pub fn all_running(tx: &mut Tx<'_>) -> Result<Vec<OrderStatus>, DbError> {
    let rows: Vec<OrderRow> = orders::table
        .filter(orders::state.eq(OrderState::Running))
        .order((orders::due_on, orders::id))
        .select(OrderRow::as_select())
        .load(tx.conn())?;
    statuses(tx, rows.into_iter().map(Order::from).collect())
}

/// The answers about one order, whatever its state.
pub fn status(tx: &mut Tx<'_>, order: Order) -> Result<OrderStatus, DbError> {
    // One order in, one out.
    statuses(tx, vec![order])?.pop().ok_or(DbError::NotFound)
}

/// How many orders stand where, of which `running` are those of [`all_running`].
pub fn counts(tx: &mut Tx<'_>, running: &[OrderStatus]) -> Result<OrderCounts, DbError> {
    let drafts =
        orders::table.filter(orders::state.eq(OrderState::Draft)).select(count_star()).first(tx.conn())?;
    Ok(OrderCounts::of_all(running, drafts, crate::today(tx)))
}

/// The answers about some orders, whatever their states, in the same order.
pub fn statuses(tx: &mut Tx<'_>, orders: Vec<Order>) -> Result<Vec<OrderStatus>, DbError> {
    let today = crate::today(tx);
    let ids: Vec<OrderId> = orders.iter().map(|order| order.id).collect();
    let mut parts = parts_of(tx, &ids)?;
    let ordered = ordered_of(tx, &ids)?;
    let workers = workers_of(tx, &ids)?;
    let mut in_hand = in_hand_of(tx, &ids, today)?;
    let holders: Vec<PersonId> = in_hand.values().flatten().map(|one| one.person).collect();
    let mut active = workers::of_people(tx, &holders)?;
    active.retain(|_, worker| worker.state == WorkerState::Active);
    let questions = questions::open_of_orders(tx, &ids)?;
    let reckoned = promises::late_permilles(tx, &ids)?;
    let mut supply = Supply::default();
    orders
        .into_iter()
        .map(|order| {
            let parts = parts.remove(&order.id).unwrap_or_default();
            let progress = progress_of(&parts);
            let ordered = ordered.get(&order.id).copied().unwrap_or_default();
            let pieces = pieces_of(&parts, ordered);
            let is_open = matches!(order.state, OrderState::Draft | OrderState::Running);
            let unsplit = if is_open { ordered.unsplit_minutes(pieces) } else { 0 };
            let hours = supply.hours(tx, (&parts, unsplit), today, order.due_on)?;
            let in_hand = in_hand.remove(&order.id).unwrap_or_default();
            let held_by_absent =
                in_hand.iter().filter(|one| !active.contains_key(&one.person)).map(|one| one.to_do).sum();
            let (late, open_soon) = (open_by(&parts, today.pred_opt()), open_by(&parts, Some(soon(today))));
            let late = late + in_hand.iter().map(|one| one.late).sum::<i64>();
            let after_order =
                open_after(&parts, order.due_on) + in_hand.iter().map(|one| one.after_order).sum::<i64>();
            let strain = Strain {
                late,
                open_soon,
                left: pieces.left(),
                short_minutes: hours.short_minutes(),
                held_by_absent,
                after_order,
                late_permille: reckoned.get(&order.id).copied(),
            };
            let schedule = Schedule::of(order.due_on, today, &progress, strain);
            Ok(OrderStatus {
                likely_late_permille: strain.likely_late().filter(|_| schedule != Schedule::Done),
                schedule,
                workers: workers.get(&order.id).copied().unwrap_or_default(),
                questions: questions.get(&order.id).copied().unwrap_or_default(),
                late,
                held_by_absent,
                after_order,
                hours,
                in_hand,
                pieces,
                progress,
                order,
            })
        })
        .collect()
}

/// Units of one job that are alike in state and day.
struct Part {
    state: UnitState,
    units: i64,
    /// What binds them while nobody holds them: their own day or the job's.
    day: NaiveDate,
    job: Job,
}

/// What of a job a sum over its units needs.
#[derive(Debug, Clone, Copy, Queryable)]
struct Job {
    id: JobId,
    unit_minutes: i32,
    unit_pieces: i32,
    work_due_on: NaiveDate,
    skill: Option<SkillId>,
    skill_level: i16,
    asks: (bool, bool, bool),
}

impl Job {
    /// What it asks of whoever does it, but for its day: that says who may be asked now, and not whose hours there are.
    fn needs(&self) -> Needs {
        let (phone, video, long_slots) = self.asks;
        let asks = Asks { phone, video, long_slots };
        Needs { skill: self.skill, level: self.skill_level, asks, due_on: None }
    }
}

#[derive(QueryableByName)]
struct PartRow {
    #[diesel(sql_type = BigInt)]
    order_id: OrderId,
    #[diesel(sql_type = BigInt)]
    job_id: JobId,
    #[diesel(sql_type = Text)]
    state: UnitState,
    #[diesel(sql_type = Nullable<Date>)]
    due_on: Option<NaiveDate>,
    #[diesel(sql_type = BigInt)]
    units: i64,
}

fn parts_of(tx: &mut Tx<'_>, ids: &[OrderId]) -> Result<HashMap<OrderId, Vec<Part>>, DbError> {
    let rows: Vec<PartRow> = db::prepared(
        "SELECT order_id, job_id, state, due_on, sum(units)::bigint AS units FROM unit_counts \
         WHERE order_id = ANY ($1) GROUP BY order_id, job_id, state, due_on HAVING sum(units) <> 0",
    )
    .bind::<Array<BigInt>, _>(ids.to_vec())
    .load(tx.conn())?;
    let known: Vec<Job> = jobs::table
        .filter(jobs::order_id.eq_any(ids))
        .select((
            jobs::id,
            jobs::unit_minutes,
            jobs::unit_pieces,
            jobs::work_due_on,
            jobs::skill_id,
            jobs::skill_level,
            (jobs::asks_phone, jobs::asks_video, jobs::asks_long_slots),
        ))
        .load(tx.conn())?;
    let known: HashMap<JobId, Job> = known.into_iter().map(|job| (job.id, job)).collect();
    let mut parts: HashMap<OrderId, Vec<Part>> = HashMap::new();
    for row in rows {
        if let Some(job) = known.get(&row.job_id).copied() {
            let day = row.due_on.unwrap_or(job.work_due_on);
            parts.entry(row.order_id).or_default().push(Part {
                state: row.state,
                units: row.units,
                day,
                job,
            });
        }
    }
    Ok(parts)
}

fn progress_of(parts: &[Part]) -> Progress {
    Progress::of(parts.iter().map(|part| (part.state, part.units)))
}

fn pieces_of(parts: &[Part], ordered: Ordered) -> Pieces {
    let pieces = |counts: fn(UnitState) -> bool| {
        let counted = parts.iter().filter(|part| counts(part.state));
        counted.map(|part| part.units * i64::from(part.job.unit_pieces)).sum()
    };
    Pieces {
        ordered: ordered.pieces,
        with_partners: ordered.with_partners,
        split: pieces(|state| state != UnitState::Cancelled),
        accepted: pieces(|state| state == UnitState::Accepted),
    }
}

/// How many units nobody holds whose day is `last` or earlier.
fn open_by(parts: &[Part], last: Option<NaiveDate>) -> i64 {
    let open = parts.iter().filter(|part| UnitState::NOBODYS.contains(&part.state));
    open.filter(|part| Some(part.day) <= last).map(|part| part.units).sum()
}

/// How many units nobody holds whose day comes after `day`.
fn open_after(parts: &[Part], day: NaiveDate) -> i64 {
    open_by(parts, Some(NaiveDate::MAX)) - open_by(parts, Some(day))
}

/// What a client ordered: pieces, and the minutes they were quoted with together.
#[derive(Debug, Clone, Copy, Default, QueryableByName)]
struct Ordered {
    #[diesel(sql_type = BigInt)]
    pieces: i64,
    #[diesel(sql_type = BigInt)]
    minutes: i64,
    /// Pieces that partner towns have, or are asked to take, and that were not accepted from them yet.
    #[diesel(sql_type = BigInt)]
    with_partners: i64,
    /// Pieces accepted from partner towns: they are done, and only bundled and delivered from here.
    #[diesel(sql_type = BigInt)]
    from_partners: i64,
}

impl Ordered {
    /// Minutes of what is in no unit yet, each piece as many as they all have on average; the same as a promised day
    /// reckons with ([`crate::promises`]). What came from partners is done already: it is left to split, so that it gets
    /// delivered, but asks for nobody's hours. Of what is left, that is taken to be split last.
    fn unsplit_minutes(self, pieces: Pieces) -> i64 {
        self.minutes.saturating_mul((pieces.left() - self.from_partners).max(0)) / self.pieces.max(1)
    }
}

#[derive(QueryableByName)]
struct OrderedRow {
    #[diesel(sql_type = BigInt)]
    order_id: OrderId,
    #[diesel(embed)]
    ordered: Ordered,
}

fn ordered_of(tx: &mut Tx<'_>, ids: &[OrderId]) -> Result<HashMap<OrderId, Ordered>, DbError> {
    let rows: Vec<OrderedRow> = db::prepared(
        "SELECT l.*, COALESCE(s.with_partners, 0) AS with_partners, COALESCE(s.from_partners, 0) AS from_partners \
         FROM (SELECT order_id, sum(quantity)::bigint AS pieces, sum(quantity::bigint * unit_minutes)::bigint AS minutes \
             FROM order_lines WHERE order_id = ANY ($1) GROUP BY order_id) l \
         LEFT JOIN (SELECT order_id, sum(LEAST(accepted, quantity))::bigint AS from_partners, \
                 sum(quantity - LEAST(accepted, quantity)) FILTER (WHERE state IN ('offered', 'accepted'))::bigint AS with_partners \
             FROM shares WHERE order_id = ANY ($1) AND side = 'out' GROUP BY order_id) s ON s.order_id = l.order_id",
    )
    .bind::<Array<BigInt>, _>(ids.to_vec())
    .load(tx.conn())?;
    Ok(rows.into_iter().map(|row| (row.order_id, row.ordered)).collect())
}

/// How many people do or did units of some orders.
fn workers_of(tx: &mut Tx<'_>, ids: &[OrderId]) -> Result<HashMap<OrderId, i64>, DbError> {
    per_order(
        tx,
        ids,
        "SELECT order_id, count(*) AS count FROM (SELECT order_id, holder_id FROM unit_counts \
             WHERE order_id = ANY ($1) AND holder_id IS NOT NULL AND state <> 'cancelled' \
             GROUP BY order_id, holder_id HAVING sum(units) > 0) people GROUP BY order_id",
    )
}

#[derive(QueryableByName)]
struct CountRow {
    #[diesel(sql_type = BigInt)]
    order_id: OrderId,
    #[diesel(sql_type = BigInt)]
    count: i64,
}

fn per_order(tx: &mut Tx<'_>, ids: &[OrderId], sql: &'static str) -> Result<HashMap<OrderId, i64>, DbError> {
    let rows: Vec<CountRow> = db::prepared(sql).bind::<Array<BigInt>, _>(ids.to_vec()).load(tx.conn())?;
    Ok(rows.into_iter().map(|row| (row.order_id, row.count)).collect())
}

#[derive(QueryableByName)]
struct InHandRow {
    #[diesel(sql_type = BigInt)]
    order_id: OrderId,
    #[diesel(sql_type = BigInt)]
    person_id: PersonId,
    #[diesel(sql_type = BigInt)]
    to_do: i64,
    #[diesel(sql_type = BigInt)]
    late: i64,
    #[diesel(sql_type = BigInt)]
    after_order: i64,
}

/// Who still has to do how many units of some orders, and how many of them are past the day they agreed to, or have one
/// after the order's: whoever is late first, then whoever has the most. What people have in hand is bounded by their hours, so these units are counted
/// one by one.
fn in_hand_of(
    tx: &mut Tx<'_>,
    ids: &[OrderId],
    today: NaiveDate,
) -> Result<HashMap<OrderId, Vec<InHand>>, DbError> {
    let (due, stands) = (due::DAY, due::STANDS);
    let rows: Vec<InHandRow> = db::prepared(format!(
        "SELECT u.order_id, u.holder_id AS person_id, count(*) AS to_do, count(*) FILTER (WHERE {due} < $3 AND NOT {stands}) AS late, \
             count(*) FILTER (WHERE {due} > o.due_on) AS after_order \
         FROM units u JOIN jobs j ON j.id = u.job_id JOIN orders o ON o.id = u.order_id LEFT JOIN assignments a ON a.unit_id = u.id AND a.ended_at IS NULL \
         WHERE u.order_id = ANY ($1) AND u.state = ANY ($2) \
         GROUP BY u.order_id, u.holder_id ORDER BY late DESC, to_do DESC, u.holder_id",
    ))
    .bind::<Array<BigInt>, _>(ids.to_vec())
    .bind::<Array<Text>, _>(UnitState::TO_DO.to_vec())
    .bind::<Date, _>(today)
    .load(tx.conn())?;
    let mut in_hand: HashMap<OrderId, Vec<InHand>> = HashMap::new();
    for row in rows {
        let one =
            InHand { person: row.person_id, to_do: row.to_do, late: row.late, after_order: row.after_order };
        in_hand.entry(row.order_id).or_default().push(one);
    }
    Ok(in_hand)
}

/// Whose hours there are for what; read as far as it is asked for.
#[derive(Default)]
struct Supply {
    promised: Option<HashMap<PersonId, i64>>,
    worked: Option<HashMap<PersonId, Worked>>,
    plans: Option<HashMap<WorkerId, Plan>>,
    able: HashMap<Needs, Vec<Able>>,
}

/// Somebody who can do it, and the time they have for it.
#[derive(Debug, Clone, Copy)]
struct Able {
    worker: WorkerId,
    weekly: WeeklyMinutes,
    /// Minutes of the units they still have to do.
    promised: i64,
}

impl Supply {
    /// Of the units of an order and the minutes of what is in none yet.
    fn hours(
        &mut self,
        tx: &mut Tx<'_>,
        (parts, unsplit): (&[Part], i64),
        today: NaiveDate,
        due_on: NaiveDate,
    ) -> Result<Hours, DbError> {
        let minutes = |states: &[UnitState]| -> i64 {
            let counted = parts.iter().filter(|part| states.contains(&part.state));
            counted.map(|part| part.units * i64::from(part.job.unit_minutes)).sum()
        };
        let open_minutes = minutes(&UnitState::NOBODYS) + unsplit;
        let to_do_minutes = open_minutes + minutes(&UnitState::TO_DO);
        let open = parts.iter().filter(|part| UnitState::NOBODYS.contains(&part.state));
        let mut needs: HashSet<Needs> = open.map(|part| part.job.needs()).collect();
        if unsplit > 0 {
            // What it will ask for is not said yet: everybody's hours count.
            needs.insert(Needs::NOTHING);
        }
        let free_minutes = self.free(tx, &needs, today, due_on)?;
        Ok(Hours { to_do_minutes, open_minutes, free_minutes })
    }

    /// What those who can do work that asks for one of `needs` have left until `due_on`.
    fn free(
        &mut self,
        tx: &mut Tx<'_>,
        needs: &HashSet<Needs>,
        today: NaiveDate,
        due_on: NaiveDate,
    ) -> Result<i64, DbError> {
        let (mut counted, mut free) = (HashSet::new(), 0);
        for needs in needs {
            if !self.able.contains_key(needs) {
                let able = self.able(tx, *needs, today)?;
                self.able.insert(*needs, able);
            }
            for one in self.able.get(needs).into_iter().flatten() {
                if counted.insert(one.worker) {
                    free += (one.weekly.until(today, due_on) - one.promised).max(0);
                }
            }
        }
        Ok(free)
    }

    /// Who can do it: those who have today off as well, for they are back before most work is due.
    fn able(&mut self, tx: &mut Tx<'_>, needs: Needs, today: NaiveDate) -> Result<Vec<Able>, DbError> {
        if self.promised.is_none() {
            self.promised = Some(claims::promised_minutes(tx)?);
        }
        if self.worked.is_none() {
            self.worked = Some(claims::worked_minutes(tx)?);
        }
        if self.plans.is_none() {
            self.plans = Some(availability::all_plans(tx)?);
        }
        let (promised, plans) = (self.promised.as_ref(), self.plans.as_ref());
        let worked = self.worked.as_ref();
        let of = |who: WorkerBrief| {
            let plan = plans.and_then(|all| all.get(&who.worker));
            let worked = worked.and_then(|all| all.get(&who.person)).copied().unwrap_or_default();
            Able {
                worker: who.worker,
                weekly: WeeklyMinutes::of(who.weekly_minutes, plan, worked, today),
                promised: promised.and_then(|all| all.get(&who.person)).copied().unwrap_or_default(),
            }
        };
        let everybody = skills::fitness(tx, needs, today)?;
        let able = everybody.iter().filter(|one| matches!(one.fitness, Fitness::Fits | Fitness::OffToday));
        Ok(able.map(|one| of(one.who)).collect())
    }
}

#[derive(QueryableByName)]
struct ShareRow {
    #[diesel(sql_type = BigInt)]
    person_id: PersonId,
    #[diesel(sql_type = BigInt)]
    to_do: i64,
    #[diesel(sql_type = BigInt)]
    submitted: i64,
    #[diesel(sql_type = BigInt)]
    finished: i64,
    #[diesel(sql_type = BigInt)]
    late: i64,
    #[diesel(sql_type = Nullable<Date>)]
    next_due_on: Option<NaiveDate>,
}

/// Who does how many units of an order, whoever is late first, then by the next day due. An order has some dozens of
/// people at most.
pub fn people(tx: &mut Tx<'_>, id: OrderId) -> Result<Vec<PersonShare>, DbError> {
    let today = crate::today(tx);
    let (due, stands) = (due::DAY, due::STANDS);
    let rows: Vec<ShareRow> = db::prepared(format!(
        "WITH held AS (SELECT holder_id, state, sum(units) AS units FROM unit_counts \
             WHERE order_id = $1 AND holder_id IS NOT NULL AND state NOT IN ('cancelled', 'rejected') \
             GROUP BY holder_id, state HAVING sum(units) <> 0), \
         in_hand AS (SELECT u.holder_id, count(*) FILTER (WHERE {due} < $3 AND NOT {stands}) AS late, min({due}) AS next_due_on \
             FROM units u JOIN jobs j ON j.id = u.job_id \
                 LEFT JOIN assignments a ON a.unit_id = u.id AND a.ended_at IS NULL \
             WHERE u.order_id = $1 AND u.state = ANY ($2) GROUP BY u.holder_id) \
         SELECT h.holder_id AS person_id, \
             COALESCE(sum(h.units) FILTER (WHERE h.state = ANY ($2)), 0)::bigint AS to_do, \
             COALESCE(sum(h.units) FILTER (WHERE h.state IN ('submitted', 'checking')), 0)::bigint AS submitted, \
             COALESCE(sum(h.units) FILTER (WHERE h.state IN ('passed', 'delivered', 'accepted')), 0)::bigint AS finished, \
             COALESCE(max(i.late), 0) AS late, max(i.next_due_on) AS next_due_on \
         FROM held h LEFT JOIN in_hand i ON i.holder_id = h.holder_id \
         GROUP BY h.holder_id ORDER BY late DESC, next_due_on NULLS LAST, h.holder_id",
    ))
    .bind::<BigInt, _>(id)
    .bind::<Array<Text>, _>(UnitState::TO_DO.to_vec())
    .bind::<Date, _>(today)
    .load(tx.conn())?;
    let share = |row: ShareRow| PersonShare {
        person: row.person_id,
        to_do: row.to_do,
        submitted: row.submitted,
        finished: row.finished,
        late: row.late,
        next_due_on: row.next_due_on,
    };
    Ok(rows.into_iter().map(share).collect())
}
