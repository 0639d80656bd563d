//! What the accepted pieces of an order are worth.
//!
//! Where every job says which line of the order its units are of, each piece counts at that line's own price
//! (`pieces_of_unlike_prices_count_at_their_own`) and rate of tax (`what_is_accepted_of_a_line_is_asked_for_at_that_lines_own_rate`).
//! Where one does not say so, or all lines have one price and rate, every piece is worth the same share. Never more than the order: what
//! is made beyond a line's quantity adds nothing.

use std::collections::BTreeMap;

use db::{DbError, Tx};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, SmallInt};
use kernel::{OrderId, TaxRate, Yen};

use super::model::{Order, Pieces};
use super::standing;

/// Yen at each rate of tax.
pub(super) type ByRate = BTreeMap<TaxRate, Yen>;

/// What an order has come to.
pub(super) struct Reached {
    /// Before tax.
    pub(super) whole: Yen,
    /// The same at each rate; none where pieces do not say of which line they are, or all have one rate.
    pub(super) by_rate: Option<ByRate>,
}

/// What is accepted of `order` is worth, where no more will be.
pub fn accepted_worth(tx: &mut Tx<'_>, order: &Order) -> Result<Yen, DbError> {
    Ok(closed_short(tx, order)?.whole)
}

/// The same with its rates.
pub(super) fn closed_short(tx: &mut Tx<'_>, order: &Order) -> Result<Reached, DbError> {
    worth(tx, order, Pieces::share_of)
}

/// The same while more may be accepted: where more pieces are split than ordered, the split ones are the divisor.
pub(super) fn while_open(tx: &mut Tx<'_>, order: &Order) -> Result<Reached, DbError> {
    worth(tx, order, Pieces::share_while_open)
}

/// All of `order`.
pub(super) fn closed(tx: &mut Tx<'_>, order: &Order) -> Result<Reached, DbError> {
    let reached = worth(tx, order, |_pieces, amount| amount)?;
    let by_rate = reached.by_rate.filter(|rates| rates.values().copied().sum::<Yen>() == order.amount);
    Ok(Reached { whole: order.amount, by_rate })
}

fn worth(tx: &mut Tx<'_>, order: &Order, share: fn(&Pieces, Yen) -> Yen) -> Result<Reached, DbError> {
    let lines = lines(tx, order.id)?;
    let alike = |line: &Line| (line.unit_price, line.tax_rate);
    let first = lines.first().map(alike);
    if lines.iter().all(|line| Some(alike(line)) == first) || has_loose_jobs(tx, order.id)? {
        let whole = share(&standing::pieces(tx, order.id)?, order.amount);
        return Ok(Reached { whole, by_rate: None });
    }
    let mut by_rate = ByRate::new();
    for line in &lines {
        let pieces =
            Pieces { ordered: line.ordered, split: line.split, accepted: line.accepted, with_partners: 0 };
        let amount = share(&pieces, Yen(line.unit_price.0.saturating_mul(line.ordered)));
        by_rate.entry(TaxRate(u8::try_from(line.tax_rate).unwrap_or(TaxRate::STANDARD.0))).or_default().0 +=
            amount.0;
    }
    let whole = by_rate.values().copied().sum();
    Ok(Reached { whole, by_rate: (by_rate.len() > 1).then_some(by_rate) })
}

/// What of `more` falls on each rate, where `reached` was come to in all and `before` was counted. A rate that fell behind, because more
/// of its pieces were split off since, adds nothing.
pub(super) fn spread(reached: &ByRate, before: &ByRate, more: Yen) -> ByRate {
    let mut left = more.0;
    let mut shares = ByRate::new();
    for (rate, amount) in reached {
        let counted = before.get(rate).map_or(0, |amount| amount.0);
        let share = (amount.0 - counted).clamp(0, left);
        left -= share;
        if share > 0 {
            shares.insert(*rate, Yen(share));
        }
    }
    shares
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = BigInt)]
    unit_price: Yen,
    #[diesel(sql_type = SmallInt)]
    tax_rate: i16,
    #[diesel(sql_type = BigInt)]
    ordered: i64,
    #[diesel(sql_type = BigInt)]
    split: i64,
    #[diesel(sql_type = BigInt)]
    accepted: i64,
}

fn lines(tx: &mut Tx<'_>, order: OrderId) -> Result<Vec<Line>, DbError> {
    Ok(diesel::sql_query(
        "SELECT l.unit_price, l.tax_rate, l.quantity::bigint AS ordered, \
             COALESCE(sum(c.units * j.unit_pieces) FILTER (WHERE c.state <> 'cancelled'), 0)::bigint AS split, \
             COALESCE(sum(c.units * j.unit_pieces) FILTER (WHERE c.state = 'accepted'), 0)::bigint AS accepted \
         FROM order_lines l LEFT JOIN jobs j ON j.order_id = l.order_id AND j.order_line = l.position \
         LEFT JOIN unit_counts c ON c.job_id = j.id \
         WHERE l.order_id = $1 GROUP BY l.position, l.unit_price, l.tax_rate, l.quantity ORDER BY l.position",
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

#[cfg(test)]
mod tests {
    use super::*;

    fn yen(pairs: &[(u8, i64)]) -> ByRate {
        pairs.iter().map(|(rate, amount)| (TaxRate(*rate), Yen(*amount))).collect()
    }

    #[test]
    fn what_is_counted_falls_on_the_rates_that_it_was_reached_at() {
        let spread = |reached, before, more| spread(&yen(reached), &yen(before), Yen(more));
        assert_eq!(spread(&[(8, 300), (10, 700)], &[(8, 100)], 900), yen(&[(8, 200), (10, 700)]));
        assert_eq!(spread(&[(8, 300), (10, 700)], &[(8, 300)], 700), yen(&[(10, 700)]));
        assert_eq!(spread(&[(8, 200), (10, 700)], &[(8, 300)], 600), yen(&[(10, 600)]), "one fell behind");
    }
}
