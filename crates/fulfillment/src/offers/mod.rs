//! Offers (募集): jobs put before the workers whom they fit.
//!
//! Invariant: declining and not answering leave no mark on a worker; an offer that was declined may still be
//! claimed, because people change their minds.

mod lists;
mod model;
pub(crate) mod store;
#[cfg(test)]
mod tests;

use db::{DbError, Tx};
use kernel::{Code, Coded, OfferId};

pub use lists::{fitting, standing, told};
pub(crate) use lists::{is_before, is_withdrawn, of_worker};
pub use model::{OfferCard, OfferKey, OfferState, Standing};

/// Why an offer was not answered.
#[derive(Debug, thiserror::Error)]
pub enum OfferError {
    /// The town took the offer back.
    #[error("the offer was withdrawn")]
    Withdrawn,
    /// The database failed, or the offer is another worker's.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for OfferError {
    fn code(&self) -> Code {
        match self {
            Self::Withdrawn => Code::Conflict,
            Self::Db(error) => error.code(),
        }
    }
}

/// Notes that the acting worker does not want a job now. Asks for no reason and keeps none.
pub fn decline(tx: &mut Tx<'_>, id: OfferId) -> Result<(), OfferError> {
    answer(tx, id, OfferState::Declined)
}

/// Takes a decline back.
pub fn reconsider(tx: &mut Tx<'_>, id: OfferId) -> Result<(), OfferError> {
    answer(tx, id, OfferState::Open)
}

fn answer(tx: &mut Tx<'_>, id: OfferId, state: OfferState) -> Result<(), OfferError> {
    let person = crate::acting_person(tx)?;
    let worker = workforce::workers::of_person(tx, person)?.ok_or(DbError::NotFound)?;
    match of_worker(tx, id, worker.id)? {
        OfferState::Withdrawn => Err(OfferError::Withdrawn),
        current if current == state => Ok(()),
        _ => Ok(store::set_state(tx, id, state)?),
    }
}
