//! Keeps the sums over `unit_counts` short. The trigger `count_units` only adds rows; here the rows of an order become one
//! for each state, holder and day.

use db::{DbError, Tx};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Integer, Text};
use kernel::{OrderId, PersonId};
use queue::{Priority, Registry, Task, TaskError};
use serde::{Deserialize, Serialize};

use super::UnitState;
use crate::jobs::Job;

/// How many loose rows an order may have before they are folded: fewer cost a reader less than folding does.
const LOOSE_ROWS: i64 = 32;
/// How many orders one task folds, so that its transaction stays short.
const MOST_ORDERS: i32 = 200;

/// Folds what the moves of units have noted, a town's orders at a time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fold {}

impl Task for Fold {
    const KIND: &'static str = "units.fold_counts";
    const PRIORITY: Priority = Priority::Idle;
}

/// Registers the handler of [`Fold`].
pub fn register(registry: &mut Registry) {
    registry.in_transaction::<Fold>(|tx, _attempt, _task| {
        fold(tx)?;
        Ok::<_, TaskError>(())
    });
}

#[derive(QueryableByName)]
struct Loose {
    #[diesel(sql_type = BigInt)]
    order_id: OrderId,
}

/// Folds the orders that have many loose rows; gives how many orders that were. Whoever counts meanwhile sees either the
/// loose rows or what they came to, never both: they leave and arrive in one transaction.
pub(super) fn fold(tx: &mut Tx<'_>) -> Result<usize, DbError> {
    let loose: Vec<Loose> = diesel::sql_query(
        "SELECT order_id FROM unit_counts WHERE NOT folded GROUP BY order_id HAVING count(*) > $1 LIMIT $2",
    )
    .bind::<BigInt, _>(LOOSE_ROWS)
    .bind::<Integer, _>(MOST_ORDERS)
    .load(tx.conn())?;
    for order in &loose {
        // Rows that another fold has taken meanwhile are not deleted here, so they are not added up here either.
        diesel::sql_query(
            "WITH gone AS (DELETE FROM unit_counts WHERE order_id = $1 \
                 RETURNING order_id, job_id, state, holder_id, due_on, units) \
             INSERT INTO unit_counts (order_id, job_id, state, holder_id, due_on, units, folded) \
             SELECT order_id, job_id, state, holder_id, due_on, sum(units), true FROM gone \
             GROUP BY order_id, job_id, state, holder_id, due_on HAVING sum(units) <> 0",
        )
        .bind::<BigInt, _>(order.order_id)
        .execute(tx.conn())?;
    }
    Ok(loose.len())
}

#[derive(QueryableByName)]
struct Holder {
    #[diesel(sql_type = BigInt)]
    holder_id: PersonId,
}

/// Who has units of a job in one of some states.
pub(crate) fn holders(tx: &mut Tx<'_>, job: &Job, states: &[UnitState]) -> Result<Vec<PersonId>, DbError> {
    let rows: Vec<Holder> = diesel::sql_query(
        "SELECT holder_id FROM unit_counts WHERE order_id = $1 AND job_id = $2 AND holder_id IS NOT NULL \
         AND state = ANY ($3) GROUP BY holder_id HAVING sum(units) > 0 ORDER BY holder_id",
    )
    .bind::<BigInt, _>(job.order_id)
    .bind::<BigInt, _>(job.id)
    .bind::<Array<Text>, _>(states.to_vec())
    .load(tx.conn())?;
    Ok(rows.into_iter().map(|row| row.holder_id).collect())
}
