//! A deal's lines: which jobs, how many, at what price and in how many minutes.
//!
//! Invariant: an open deal whose amount comes from its lines is worth their sum
//! (`the_amount_is_the_sum_of_the_lines_until_somebody_says_otherwise`).

mod lists;
mod model;
mod store;
#[cfg(test)]
mod tests;

use db::Tx;
use kernel::{Code, DealId, Invalid};

pub use lists::of_deal;
pub use model::{DealLine, DealLines, LineInput, LinesInput};
pub(crate) use store::replace;

use crate::deals::{self, AmountBasis, Deal, DealError};
use crate::quotes;

/// Sets the lines of an open deal that was read at `version`, instead of those it had. They sum to its amount unless
/// one is set by hand; while a quote stands the amount is that quote's.
pub fn set(tx: &mut Tx<'_>, id: DealId, version: i32, input: &LinesInput) -> Result<Deal, DealError> {
    let fields = input.checked()?;
    let deal = deals::locked(tx, id)?;
    if deal.version != version {
        return Err(DealError::Stale);
    }
    deal.must_be_open()?;
    let (amount, basis) = if quotes::standing(tx, id)?.is_some() {
        if fields.by_hand.is_some_and(|amount| amount != deal.amount) {
            return Err(Invalid::field("amount", Code::QuoteStands).into());
        }
        (deal.amount, AmountBasis::Quote)
    } else {
        match fields.by_hand {
            Some(amount) => (amount, AmountBasis::Hand),
            None if fields.lines.lines.is_empty() => (deal.amount, AmountBasis::Hand),
            None => (fields.lines.total, AmountBasis::Lines),
        }
    };
    replace(tx, id, &fields.lines.lines)?;
    deals::value(tx, deal, amount, basis)
}
