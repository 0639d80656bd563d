//! Activities (活動): what was done for a deal, and what comes next, in one step.
//!
//! Invariant: no activity leaves its deal without a next action.

mod lists;
mod model;
mod store;
#[cfg(test)]
mod tests;

use chrono::NaiveDate;
use db::{DbError, Tx};
use kernel::{Code, Coded, DealId, FieldProblem, Invalid, date_in_japan};

pub(crate) use lists::last;
pub use lists::{ActivityKey, history};
pub use model::{Activity, ActivityInput, ActivityKind, Outcome};

use crate::deals::{self, DealError};

/// Why an activity was not logged.
#[derive(Debug, thiserror::Error)]
pub enum ActivityError {
    /// Fields that cannot be accepted; nothing was written.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// By the corporate-number register the company closed on that day; confirm to log all the same.
    #[error("the company closed on {0}")]
    CompanyClosed(NaiveDate),
    /// The deal is not open, or somebody changed it since it was read.
    #[error(transparent)]
    Deal(#[from] DealError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for ActivityError {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(invalid) => invalid.code(),
            Self::CompanyClosed(_) => Code::CompanyClosed,
            Self::Deal(error) => error.code(),
            Self::Db(error) => error.code(),
        }
    }

    fn fields(&self) -> &[FieldProblem] {
        match self {
            Self::Invalid(invalid) => invalid.fields(),
            Self::Deal(error) => error.fields(),
            Self::CompanyClosed(_) | Self::Db(_) => &[],
        }
    }
}

/// Logs what was done for an open deal and writes its next action.
pub fn log(tx: &mut Tx<'_>, deal: DealId, input: ActivityInput) -> Result<Activity, ActivityError> {
    let fields = input.checked(date_in_japan(tx.now()))?;
    let company = deals::find(tx, deal)?.company_id;
    if !input.closed_is_confirmed()
        && let Some(day) = clients::companies::closed_on(tx, company)?
    {
        return Err(ActivityError::CompanyClosed(day));
    }
    let deal = deals::plan(tx, deal, fields.version, fields.next.clone())?;
    let person = deals::doer(tx, &deal);
    Ok(store::insert(tx, deal.id, person, &fields)?)
}
