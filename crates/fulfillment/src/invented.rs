//! Invented running orders with as many units as wanted: for demo towns in which a program is measured at scale. Of each
//! order about a third of the units wait for somebody, some are in hand, the others are finished.
//!
//! Such orders have no deal, and what is finished of them was never handed in: they are for counting and for looking at,
//! not for working on. An order that people work on comes from [`crate::orders::open_from_deal`].

use chrono::{Days, NaiveDate};
use db::{DbError, Tx};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Integer, Text, Timestamptz};
use kernel::{CompanyId, ContactId, JobId, OrderId, PersonId, WorkerId};

use crate::schema::orders as stored;

/// What stands in the title of each, so that they are told from the others.
const MARK: &str = "（架空";
/// Where the numbers of their deals begin: no deal has them.
const NO_DEAL: i64 = 1_000_000_000_000;
/// How many units of an order somebody has in hand.
const IN_HAND: i32 = 20;
/// Between how many people an order's units in hand are.
const HANDS: usize = 4;

/// Whom a town's invented orders are about.
#[derive(Debug, Clone)]
pub struct Cast {
    /// Who ordered, with whom we talk there.
    pub clients: Vec<(CompanyId, ContactId)>,
    /// Who works on them.
    pub workers: Vec<(WorkerId, PersonId)>,
}

/// How many invented orders the town has: where the next ones go on.
pub fn count(tx: &mut Tx<'_>) -> Result<i64, DbError> {
    Ok(stored::table.filter(stored::title.like(format!("%{MARK}%"))).count().get_result(tx.conn())?)
}

/// Adds the running order with a number, with one job of so many units, as it would stand on `today`. Nothing where the
/// cast is empty.
pub fn order(tx: &mut Tx<'_>, number: u32, units: i32, cast: &Cast, today: NaiveDate) -> Result<(), DbError> {
    let place = usize::try_from(number).unwrap_or_default();
    let Some((company, contact)) = cycled(&cast.clients, place) else { return Ok(()) };
    let due_on = today + Days::new(u64::from(number % 60));
    let now = tx.now();
    let made: Made = diesel::sql_query(
        "WITH opened AS ( \
             INSERT INTO orders (deal_id, company_id, contact_id, title, state, amount, due_on, created_at, started_at) \
             VALUES ($1, $2, $3, $4, 'running', $5 * 500::bigint, $6, $7, $7) RETURNING id), \
         line AS ( \
             INSERT INTO order_lines (order_id, position, description, quantity, unit_price, unit_minutes, tax_rate) \
             SELECT id, 1, 'データの入力', $5, 500, 10, 10 FROM opened), \
         split AS ( \
             INSERT INTO jobs (order_id, title, rules, state, unit_minutes, unit_pay, work_due_on, pay_day, created_at, offered_at) \
             SELECT id, $4, '見本のとおりに入力する。', 'offered', 10, 200, $6, 25, $7, $7 FROM opened \
             RETURNING order_id, id AS job_id, rules), \
         ruled AS (INSERT INTO work_rules (job_id, number, text, changed_at) SELECT job_id, 1, rules, $7 FROM split) \
         SELECT order_id, job_id FROM split",
    )
    .bind::<BigInt, _>(NO_DEAL + i64::from(number))
    .bind::<BigInt, _>(company)
    .bind::<BigInt, _>(contact)
    .bind::<Text, _>(format!("データの入力{MARK}{number}）"))
    .bind::<Integer, _>(units)
    .bind::<Date, _>(due_on)
    .bind::<Timestamptz, _>(now)
    .get_result(tx.conn())?;
    let hands: Vec<(WorkerId, PersonId)> = (0..HANDS.min(cast.workers.len()))
        .filter_map(|hand| cycled(&cast.workers, place * HANDS + hand))
        .collect();
    add_units(tx, &made, units, &hands)?;
    hands.iter().try_for_each(|hand| assign(tx, &made, *hand, due_on))
}

#[derive(QueryableByName)]
struct Made {
    #[diesel(sql_type = BigInt)]
    order_id: OrderId,
    #[diesel(sql_type = BigInt)]
    job_id: JobId,
}

fn cycled<T: Copy>(all: &[T], place: usize) -> Option<T> {
    all.get(place.checked_rem(all.len())?).copied()
}

/// The units and the event of each that says where it stands.
fn add_units(
    tx: &mut Tx<'_>,
    made: &Made,
    units: i32,
    hands: &[(WorkerId, PersonId)],
) -> Result<(), DbError> {
    let people: Vec<i64> = hands.iter().map(|(_, person)| person.0).collect();
    if people.is_empty() {
        return Ok(());
    }
    let (now, actor) = (tx.now(), tx.actor().to_string());
    diesel::sql_query(
        "WITH made AS ( \
             INSERT INTO units (order_id, job_id, position, label, state, holder_id, passed_basis) \
             SELECT $1, $2, n, 'No. ' || n, s.state, \
                 CASE WHEN s.state <> 'offered' THEN ($5::bigint[])[1 + n % cardinality($5::bigint[])] END, \
                 CASE WHEN s.state IN ('passed', 'accepted') THEN 'reviewed' END \
             FROM generate_series(1, $3) n CROSS JOIN LATERAL (SELECT CASE WHEN n <= $4 THEN 'working' \
                 WHEN n % 10 < 3 THEN 'offered' WHEN n % 10 < 5 THEN 'passed' ELSE 'accepted' END AS state) s \
             ORDER BY n RETURNING id, state) \
         INSERT INTO unit_events (unit_id, to_state, actor, happened_at) \
         SELECT id, state, $6, $7 FROM made ORDER BY id",
    )
    .bind::<BigInt, _>(made.order_id)
    .bind::<BigInt, _>(made.job_id)
    .bind::<Integer, _>(units)
    .bind::<Integer, _>(IN_HAND)
    .bind::<diesel::sql_types::Array<BigInt>, _>(people)
    .bind::<Text, _>(actor)
    .bind::<Timestamptz, _>(now)
    .execute(tx.conn())?;
    Ok(())
}

/// One person's units in hand, under terms of their own.
fn assign(
    tx: &mut Tx<'_>,
    made: &Made,
    (worker, person): (WorkerId, PersonId),
    due_on: NaiveDate,
) -> Result<(), DbError> {
    let now = tx.now();
    diesel::sql_query(
        "WITH theirs AS (SELECT id FROM units WHERE job_id = $1 AND holder_id = $3 AND state = 'working'), \
         agreed AS ( \
             INSERT INTO terms_notices (job_id, worker_id, units, language, body, sha256, issued_at, rules_number) \
             SELECT $1, $2, count(*), 'ja', '架空の取引条件です。', sha256('架空'::bytea), $5, 1 FROM theirs \
             HAVING count(*) > 0 RETURNING id) \
         INSERT INTO assignments (unit_id, worker_id, person_id, terms_notice_id, claimed_at, due_on) \
         SELECT theirs.id, $2, $3, agreed.id, $5, $4 FROM theirs, agreed ORDER BY theirs.id",
    )
    .bind::<BigInt, _>(made.job_id)
    .bind::<BigInt, _>(worker)
    .bind::<BigInt, _>(person)
    .bind::<Date, _>(due_on)
    .bind::<Timestamptz, _>(now)
    .execute(tx.conn())?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::orders;
    use crate::testing::Town;

    #[test]
    fn an_invented_order_stands_as_its_units_do() {
        let town = Town::new();
        let (aoki, worker) = town.worker("Aoki");
        let cast = Cast { clients: vec![(town.company, town.contact)], workers: vec![(worker, aoki)] };
        let today = town.day(0);
        for number in 0..3 {
            town.act(town.director, |tx| order(tx, number, 100, &cast, today));
        }
        assert_eq!(town.act(town.director, count), 3);
        let all = town.act(town.director, orders::all_running);
        let first = &all[0];
        assert_eq!((first.progress.total, first.progress.working), (100, 20));
        assert_eq!((first.progress.offered, first.progress.finished()), (24, 56));
        assert_eq!((first.workers, first.in_hand[0].to_do), (1, 20));
        assert_eq!(first.pieces.left(), 0);
    }
}
