//! What the accepted pieces of an order are worth.
//!
//! Where every job says which line of the order its units are of, each piece counts at that line's own price
//! (`pieces_of_unlike_prices_count_at_their_own`). Where one does not say so, or all lines have one price, every piece is worth the same
//! share. Never more than the order: what is made beyond a line's quantity adds nothing.

use db::{DbError, Tx};
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use kernel::{OrderId, Yen};

use super::model::{Order, Pieces};
use super::standing;

/// What is accepted of `order` is worth, where no more will be.
pub fn accepted_worth(tx: &mut Tx<'_>, order: &Order) -> Result<Yen, DbError> {
    worth(tx, order, Pieces::share_of)
}

/// The same while more may be accepted: where more pieces are split than ordered, the split ones are the divisor.
pub(super) fn while_open(tx: &mut Tx<'_>, order: &Order) -> Result<Yen, DbError> {
    worth(tx, order, Pieces::share_while_open)
}

fn worth(tx: &mut Tx<'_>, order: &Order, share: fn(&Pieces, Yen) -> Yen) -> Result<Yen, DbError> {
    let lines = lines(tx, order.id)?;
    let first = lines.first().map(|line| line.unit_price);
    if lines.iter().all(|line| Some(line.unit_price) == first) || has_loose_jobs(tx, order.id)? {
        return Ok(share(&standing::pieces(tx, order.id)?, order.amount));
    }
    let of_line = |line: &Line| {
        let pieces = Pieces { ordered: line.ordered, split: line.split, accepted: line.accepted };
        share(&pieces, Yen(line.unit_price.0.saturating_mul(line.ordered)))
    };
    Ok(lines.iter().map(of_line).sum())
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = BigInt)]
    unit_price: Yen,
    #[diesel(sql_type = BigInt)]
    ordered: i64,
    #[diesel(sql_type = BigInt)]
    split: i64,
    #[diesel(sql_type = BigInt)]
    accepted: i64,
}

fn lines(tx: &mut Tx<'_>, order: OrderId) -> Result<Vec<Line>, DbError> {
    Ok(diesel::sql_query(
        "SELECT l.unit_price, l.quantity::bigint AS ordered, \
             COALESCE(sum(c.units * j.unit_pieces) FILTER (WHERE c.state <> 'cancelled'), 0)::bigint AS split, \
             COALESCE(sum(c.units * j.unit_pieces) FILTER (WHERE c.state = 'accepted'), 0)::bigint AS accepted \
         FROM order_lines l LEFT JOIN jobs j ON j.order_id = l.order_id AND j.order_line = l.position \
         LEFT JOIN unit_counts c ON c.job_id = j.id \
         WHERE l.order_id = $1 GROUP BY l.position, l.unit_price, l.quantity ORDER BY l.position",
    )
    .bind::<BigInt, _>(order)
    .load(tx.conn())?)
}

/// Whether units that count are of a job that says nothing of its line.
fn has_loose_jobs(tx: &mut Tx<'_>, order: OrderId) -> Result<bool, DbError> {
    #[derive(QueryableByName)]
    struct Loose {
        #[diesel(sql_type = BigInt)]
        units: i64,
    }
    let loose: Loose = diesel::sql_query(
        "SELECT COALESCE(sum(c.units), 0)::bigint AS units FROM jobs j JOIN unit_counts c ON c.job_id = j.id \
         WHERE j.order_id = $1 AND j.order_line IS NULL AND c.state <> 'cancelled'",
    )
    .bind::<BigInt, _>(order)
    .get_result(tx.conn())?;
    Ok(loose.units > 0)
}
