//! Reading orders: one, pages by due date, and the seven questions.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use db::{DbError, Tx};
use diesel::dsl::{count_star, sql};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Date, Nullable, Text};
use kernel::{CompanyId, ContactId, DealId, OrderId, Page, Paging, PersonId, TaxRate, Yen};

use super::model::{
    Order, OrderCounts, OrderKey, OrderLine, OrderState, OrderStatus, PersonShare, Pieces, Progress,
    Schedule, Strain, soon,
};
use super::store::OrderRow;
use crate::schema::{order_lines, orders, units};
use crate::units::{UnitState, due};

/// One order; [`DbError::NotFound`] where this town has none of that id.
pub fn find(tx: &mut Tx<'_>, id: OrderId) -> Result<Order, DbError> {
    let row: OrderRow =
        orders::table.filter(orders::id.eq(id)).select(OrderRow::as_select()).first(tx.conn())?;
    Ok(row.into())
}

/// The order of a deal, once there is one; not one that was taken back with it.
pub fn of_deal(tx: &mut Tx<'_>, deal: DealId) -> Result<Option<Order>, DbError> {
    let row: Option<OrderRow> = orders::table
        .filter(orders::deal_id.eq(deal))
        .filter(orders::withdrawn_because.is_null())
        .select(OrderRow::as_select())
        .first(tx.conn())
        .optional()?;
    Ok(row.map(Order::from))
}

/// What the client ordered, line by line.
pub fn lines(tx: &mut Tx<'_>, id: OrderId) -> Result<Vec<OrderLine>, DbError> {
    let rows: Vec<(String, i32, Yen, i32, i16)> = order_lines::table
        .filter(order_lines::order_id.eq(id))
        .order(order_lines::position)
        .select((
            order_lines::description,
            order_lines::quantity,
            order_lines::unit_price,
            order_lines::unit_minutes,
            order_lines::tax_rate,
        ))
        .load(tx.conn())?;
    let line = |(description, quantity, unit_price, unit_minutes, rate)| OrderLine {
        description,
        quantity,
        unit_price,
        unit_minutes,
        tax_rate: TaxRate(u8::try_from(rate).unwrap_or(TaxRate::STANDARD.0)),
    };
    Ok(rows.into_iter().map(line).collect())
}

/// Which orders a list shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OrderFilter {
    /// Only those in this state.
    pub state: Option<OrderState>,
}

/// Orders by due date, the nearest first.
pub fn list(
    tx: &mut Tx<'_>,
    filter: OrderFilter,
    paging: &Paging<OrderKey>,
) -> Result<Page<Order, OrderKey>, DbError> {
    let mut query = orders::table
        .order((orders::due_on, orders::id))
        .limit(paging.probe())
        .select(OrderRow::as_select())
        .into_boxed();
    if let Some(state) = filter.state {
        query = query.filter(orders::state.eq(state));
    }
    if let Some(OrderKey(due_on, id)) = paging.after {
        query = query.filter(orders::due_on.gt(due_on).or(orders::due_on.eq(due_on).and(orders::id.gt(id))));
    }
    let rows: Vec<OrderRow> = query.load(tx.conn())?;
    let orders = rows.into_iter().map(Order::from).collect();
    Ok(Page::cut(orders, paging, |order: &Order| OrderKey(order.due_on, order.id)))
}

/// Where a page of ended orders ends: when the last one ended, then its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct EndedKey(pub DateTime<Utc>, pub OrderId);

/// Orders that were closed or called off, the newest ended first.
pub fn ended(
    tx: &mut Tx<'_>,
    state: OrderState,
    paging: &Paging<EndedKey>,
) -> Result<Page<Order, EndedKey>, DbError> {
    let ended_at = || orders::ended_at.assume_not_null();
    let mut query = orders::table
        .filter(orders::state.eq(state))
        .filter(orders::ended_at.is_not_null())
        .order((ended_at().desc(), orders::id.desc()))
        .limit(paging.probe())
        .select(OrderRow::as_select())
        .into_boxed();
    if let Some(EndedKey(at, id)) = paging.after {
        query = query.filter(ended_at().lt(at).or(ended_at().eq(at).and(orders::id.lt(id))));
    }
    let rows: Vec<OrderRow> = query.load(tx.conn())?;
    let orders = rows.into_iter().map(Order::from).collect();
    Ok(Page::cut(orders, paging, |order: &Order| EndedKey(order.ended_at.unwrap_or_default(), order.id)))
}

/// How many orders are in `state`, and what they are worth before tax.
pub fn totals(tx: &mut Tx<'_>, state: OrderState) -> Result<(i64, Yen), DbError> {
    Ok(orders::table
        .filter(orders::state.eq(state))
        .select((count_star(), sql::<BigInt>("COALESCE(sum(amount), 0)::bigint")))
        .first(tx.conn())?)
}

#[derive(QueryableByName)]
struct CountsRow {
    #[diesel(sql_type = BigInt)]
    drafts: i64,
    #[diesel(sql_type = BigInt)]
    on_time: i64,
    #[diesel(sql_type = BigInt)]
    at_risk: i64,
    #[diesel(sql_type = BigInt)]
    late: i64,
    #[diesel(sql_type = BigInt)]
    done: i64,
    #[diesel(sql_type = BigInt)]
    due_today: i64,
}

/// How many orders stand where. It says in SQL what `Schedule::of` says of one order
/// (`counts_agree_with_the_running_orders_one_by_one`), because there may be more than any page shows.
pub fn counts(tx: &mut Tx<'_>) -> Result<OrderCounts, DbError> {
    let today = crate::today(tx);
    let due = due::DAY;
    let row: CountsRow = diesel::sql_query(format!(
        "SELECT count(*) FILTER (WHERE o.state = 'draft') AS drafts, \
             count(*) FILTER (WHERE s.schedule = 'on_time') AS on_time, \
             count(*) FILTER (WHERE s.schedule = 'at_risk') AS at_risk, \
             count(*) FILTER (WHERE s.schedule = 'late') AS late, \
             count(*) FILTER (WHERE s.schedule = 'done') AS done, \
             count(*) FILTER (WHERE o.due_on = $1 AND u.not_done > 0) AS due_today \
         FROM orders o \
         LEFT JOIN LATERAL (SELECT count(*) AS total, \
                 count(*) FILTER (WHERE u.state NOT IN ('passed', 'delivered', 'accepted', 'cancelled')) AS not_done, \
                 COALESCE(sum(j.unit_pieces) FILTER (WHERE u.state <> 'cancelled'), 0) AS split, \
                 count(*) FILTER (WHERE (u.state = ANY ($2) OR u.state IN ('draft', 'offered')) AND {due} < $1) AS late, \
                 count(*) FILTER (WHERE u.state IN ('draft', 'offered') AND {due} <= $3) AS open_soon \
             FROM units u JOIN jobs j ON j.id = u.job_id \
                 LEFT JOIN assignments a ON a.unit_id = u.id AND a.ended_at IS NULL \
             WHERE u.order_id = o.id) u ON o.state = 'running' \
         LEFT JOIN LATERAL (SELECT COALESCE(sum(q.quantity), 0) > u.split AS short \
             FROM order_lines q WHERE q.order_id = o.id) l ON o.state = 'running' \
         CROSS JOIN LATERAL (SELECT CASE WHEN o.state <> 'running' THEN NULL \
             WHEN u.total > 0 AND u.not_done = 0 AND NOT l.short THEN 'done' \
             WHEN o.due_on < $1 THEN 'late' \
             WHEN u.late > 0 OR u.open_soon > 0 OR (o.due_on <= $3 AND l.short) THEN 'at_risk' \
             ELSE 'on_time' END AS schedule) s \
         WHERE o.state IN ('draft', 'running')",
    ))
    .bind::<Date, _>(today)
    .bind::<Array<Text>, _>(UnitState::TO_DO.to_vec())
    .bind::<Date, _>(soon(today))
    .get_result(tx.conn())?;
    Ok(OrderCounts {
        drafts: row.drafts,
        on_time: row.on_time,
        at_risk: row.at_risk,
        late: row.late,
        done: row.done,
        due_today: row.due_today,
    })
}

/// The titles of these orders, for lists of their parts; an id this town does not know is left out.
pub fn titles(tx: &mut Tx<'_>, ids: &[OrderId]) -> Result<HashMap<OrderId, String>, DbError> {
    let rows: Vec<(OrderId, String)> =
        orders::table.filter(orders::id.eq_any(ids)).select((orders::id, orders::title)).load(tx.conn())?;
    Ok(rows.into_iter().collect())
}

/// Orders whose title contains `query`, the newest `most`; one character is enough.
pub fn search(tx: &mut Tx<'_>, query: &str, most: i32) -> Result<Vec<Order>, DbError> {
    let rows: Vec<OrderRow> = orders::table
        .filter(db::search::found("orders.id", "search_order_ids", query, most))
        .order(orders::id.desc())
        .select(OrderRow::as_select())
        .load(tx.conn())?;
    Ok(rows.into_iter().map(Order::from).collect())
}

/// Where the units of one order stand.
pub fn progress(tx: &mut Tx<'_>, id: OrderId) -> Result<Progress, DbError> {
    Ok(progress_of(tx, &[id])?.remove(&id).unwrap_or_default())
}

/// The running orders by due date, each with the answers to the seven questions.
pub fn running(tx: &mut Tx<'_>, paging: &Paging<OrderKey>) -> Result<Page<OrderStatus, OrderKey>, DbError> {
    let page = list(tx, OrderFilter { state: Some(OrderState::Running) }, paging)?;
    let ids: Vec<OrderId> = page.items.iter().map(|order| order.id).collect();
    let today = crate::today(tx);
    let mut progress = progress_of(tx, &ids)?;
    let mut pieces = pieces_of(tx, &ids)?;
    let mut strain = strain_of(tx, &ids, today)?;
    Ok(page.map(|order| {
        let progress = progress.remove(&order.id).unwrap_or_default();
        let pieces = pieces.remove(&order.id).unwrap_or_default();
        let strain = Strain { left: pieces.left(), ..strain.remove(&order.id).unwrap_or_default() };
        OrderStatus {
            pieces,
            schedule: Schedule::of(order.due_on, today, &progress, strain),
            workers: strain.workers,
            late: strain.late,
            progress,
            order,
        }
    }))
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
    let due = due::DAY;
    let rows: Vec<ShareRow> = diesel::sql_query(format!(
        "SELECT u.holder_id AS person_id, \
             count(*) FILTER (WHERE u.state = ANY ($2)) AS to_do, \
             count(*) FILTER (WHERE u.state IN ('submitted', 'checking')) AS submitted, \
             count(*) FILTER (WHERE u.state IN ('passed', 'delivered', 'accepted')) AS finished, \
             count(*) FILTER (WHERE u.state = ANY ($2) AND {due} < $3) AS late, \
             min({due}) FILTER (WHERE u.state = ANY ($2)) AS next_due_on \
         FROM units u JOIN jobs j ON j.id = u.job_id LEFT JOIN assignments a ON a.unit_id = u.id AND a.ended_at IS NULL \
         WHERE u.order_id = $1 AND u.holder_id IS NOT NULL AND u.state NOT IN ('cancelled', 'rejected') \
         GROUP BY u.holder_id ORDER BY late DESC, next_due_on NULLS LAST, u.holder_id",
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

/// Running orders of which something passed review and can go out, each with how many units, by due date; 500 at most.
pub fn ready_to_deliver(tx: &mut Tx<'_>) -> Result<Vec<(Order, i64)>, DbError> {
    let passed: Vec<(OrderId, i64)> = units::table
        .filter(units::state.eq(UnitState::Passed))
        .group_by(units::order_id)
        .select((units::order_id, count_star()))
        .load(tx.conn())?;
    let passed: HashMap<OrderId, i64> = passed.into_iter().collect();
    let rows: Vec<OrderRow> = orders::table
        .filter(orders::state.eq(OrderState::Running))
        .filter(orders::id.eq_any(passed.keys().copied().collect::<Vec<_>>()))
        .order((orders::due_on, orders::id))
        .limit(500)
        .select(OrderRow::as_select())
        .load(tx.conn())?;
    let counted = |row: OrderRow| {
        let order = Order::from(row);
        let count = passed.get(&order.id).copied().unwrap_or_default();
        (order, count)
    };
    Ok(rows.into_iter().map(counted).collect())
}

fn progress_of(tx: &mut Tx<'_>, ids: &[OrderId]) -> Result<HashMap<OrderId, Progress>, DbError> {
    let rows: Vec<(OrderId, UnitState, i64)> = units::table
        .filter(units::order_id.eq_any(ids))
        .group_by((units::order_id, units::state))
        .select((units::order_id, units::state, count_star()))
        .load(tx.conn())?;
    let mut counts: HashMap<OrderId, Vec<(UnitState, i64)>> = HashMap::new();
    for (order, state, count) in rows {
        counts.entry(order).or_default().push((state, count));
    }
    Ok(counts.into_iter().map(|(order, counts)| (order, Progress::of(counts))).collect())
}

/// One order counted in ordered pieces.
pub fn pieces(tx: &mut Tx<'_>, id: OrderId) -> Result<Pieces, DbError> {
    Ok(pieces_of(tx, &[id])?.remove(&id).unwrap_or_default())
}

#[derive(QueryableByName)]
struct PiecesRow {
    #[diesel(sql_type = BigInt)]
    order_id: OrderId,
    #[diesel(sql_type = BigInt)]
    ordered: i64,
    #[diesel(sql_type = BigInt)]
    split: i64,
    #[diesel(sql_type = BigInt)]
    accepted: i64,
}

fn pieces_of(tx: &mut Tx<'_>, ids: &[OrderId]) -> Result<HashMap<OrderId, Pieces>, DbError> {
    let rows: Vec<PiecesRow> = diesel::sql_query(
        "SELECT o.id AS order_id, \
             COALESCE((SELECT sum(l.quantity) FROM order_lines l WHERE l.order_id = o.id), 0)::bigint AS ordered, \
             COALESCE(u.split, 0)::bigint AS split, COALESCE(u.accepted, 0)::bigint AS accepted \
         FROM orders o LEFT JOIN LATERAL ( \
             SELECT sum(j.unit_pieces) FILTER (WHERE u.state <> 'cancelled') AS split, \
                 sum(j.unit_pieces) FILTER (WHERE u.state = 'accepted') AS accepted \
             FROM units u JOIN jobs j ON j.id = u.job_id WHERE u.order_id = o.id) u ON true \
         WHERE o.id = ANY ($1)",
    )
    .bind::<Array<BigInt>, _>(ids.to_vec())
    .load(tx.conn())?;
    let counted = |row: PiecesRow| {
        (row.order_id, Pieces { ordered: row.ordered, split: row.split, accepted: row.accepted })
    };
    Ok(rows.into_iter().map(counted).collect())
}

#[derive(QueryableByName)]
struct StrainRow {
    #[diesel(sql_type = BigInt)]
    order_id: OrderId,
    #[diesel(sql_type = BigInt)]
    holders: i64,
    #[diesel(sql_type = BigInt)]
    late: i64,
    #[diesel(sql_type = BigInt)]
    open_soon: i64,
}

fn strain_of(
    tx: &mut Tx<'_>,
    ids: &[OrderId],
    today: NaiveDate,
) -> Result<HashMap<OrderId, Strain>, DbError> {
    let due = due::DAY;
    let rows: Vec<StrainRow> = diesel::sql_query(format!(
        "SELECT u.order_id, \
             count(DISTINCT u.holder_id) FILTER (WHERE u.state <> 'cancelled') AS holders, \
             count(*) FILTER (WHERE (u.state = ANY ($2) OR u.state IN ('draft', 'offered')) AND {due} < $3) AS late, \
             count(*) FILTER (WHERE u.state IN ('draft', 'offered') AND {due} <= $4) AS open_soon \
         FROM units u JOIN jobs j ON j.id = u.job_id \
             LEFT JOIN assignments a ON a.unit_id = u.id AND a.ended_at IS NULL \
         WHERE u.order_id = ANY ($1) GROUP BY u.order_id",
    ))
    .bind::<Array<BigInt>, _>(ids.to_vec())
    .bind::<Array<Text>, _>(UnitState::TO_DO.to_vec())
    .bind::<Date, _>(today)
    .bind::<Date, _>(soon(today))
    .load(tx.conn())?;
    let strain = |row: StrainRow| {
        (row.order_id, Strain { workers: row.holders, late: row.late, open_soon: row.open_soon, left: 0 })
    };
    Ok(rows.into_iter().map(strain).collect())
}

/// Whether an order of company `one` names somebody else than its `people`, or an order of `other` names one of them.
pub(crate) fn are_entangled(
    tx: &mut Tx<'_>,
    one: CompanyId,
    people: &[ContactId],
    other: CompanyId,
) -> Result<bool, DbError> {
    let strangers = orders::company_id.eq(one).and(orders::contact_id.ne_all(people.to_vec()));
    let theirs = orders::company_id.eq(other).and(orders::contact_id.eq_any(people.to_vec()));
    let astray = orders::table.filter(orders::contact_id.is_not_null()).filter(strangers.or(theirs));
    Ok(diesel::select(diesel::dsl::exists(astray)).get_result(tx.conn())?)
}

/// How many orders a company has.
pub(crate) fn count_of_company(tx: &mut Tx<'_>, company: CompanyId) -> Result<i64, DbError> {
    Ok(orders::table.filter(orders::company_id.eq(company)).count().get_result(tx.conn())?)
}

/// How many orders name a contact.
pub(crate) fn count_of_contact(tx: &mut Tx<'_>, contact: ContactId) -> Result<i64, DbError> {
    Ok(orders::table.filter(orders::contact_id.eq(contact)).count().get_result(tx.conn())?)
}
