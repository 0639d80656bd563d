//! What quotes cost (原価): from minutes and the town's assumptions to a cost, a floor price and a margin. For the town
//! alone; a client's page and mails are made without this.
//!
//! Invariants: rates are never changed, what is assumed anew is the next version; what a quote was reckoned to cost when
//! it was issued stays as it was (`what_a_quote_was_reckoned_to_cost_stays`); a price below the floor is quoted
//! only with why (`whoever_sells_below_the_floor_says_why`), unless it was agreed before.

mod model;
mod promises;
mod store;
#[cfg(test)]
mod tests;

use db::{DbError, Tx};
use kernel::{Code, Coded, FieldProblem, Invalid, date_in_japan};

pub use model::{CostRates, CostRatesInput, Costing, KeptCost, Outlook};
pub use promises::{PromiseGap, QuotePromise, keep_promise, promise_of};
pub use store::{history, of_quote, standing};

use crate::quotes::{Quote, QuoteLine};

/// Why rates were not recorded.
#[derive(Debug, thiserror::Error)]
pub enum CostError {
    /// Fields that cannot be accepted; nothing was written.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// Somebody recorded others since they were read.
    #[error("other rates were recorded meanwhile")]
    Stale,
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for CostError {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(invalid) => invalid.code(),
            Self::Stale => Code::Stale,
            Self::Db(error) => error.code(),
        }
    }

    fn fields(&self) -> &[FieldProblem] {
        match self {
            Self::Invalid(invalid) => invalid.fields(),
            _ => &[],
        }
    }
}

/// Records what the town assumes from now on, as the version after the one that was read.
pub fn assume(tx: &mut Tx<'_>, input: &CostRatesInput) -> Result<CostRates, CostError> {
    let fields = input.checked(date_in_japan(tx.now()))?;
    let current = standing(tx)?.map_or(0, |rates| rates.version);
    if current != fields.based_on {
        return Err(CostError::Stale);
    }
    store::insert_rates(tx, current + 1, &fields)?.ok_or(CostError::Stale)
}

/// Whether lines are sold below the town's floor by the rates of now; never where nothing was assumed yet.
pub(crate) fn is_below_floor(tx: &mut Tx<'_>, lines: &[QuoteLine]) -> Result<bool, DbError> {
    let rates = standing(tx)?;
    Ok(rates.is_some_and(|rates| Costing::of(lines, &rates, Outlook::default()).is_below_floor()))
}

/// Keeps what a quote that was just issued costs by the rates of now, with why it is sold below the floor if it is.
pub(crate) fn keep(tx: &mut Tx<'_>, quote: &Quote, reason: &str) -> Result<(), DbError> {
    let Some(rates) = standing(tx)? else { return Ok(()) };
    let costing = Costing::of(&quote.lines, &rates, Outlook::default());
    let reason = if costing.is_below_floor() { reason } else { "" };
    store::keep(tx, quote.id, rates.version, &costing, reason)
}
