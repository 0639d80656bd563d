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
use kernel::{Code, Coded, JobId, OfferId, WorkerId};

pub(crate) use lists::{answers, is_before, is_withdrawn, of_worker};
pub use lists::{fitting, standing, told};
pub use model::{OfferCard, OfferKey, OfferState, Standing};

use crate::rounds::{self, PortionState};

/// Why an offer was not answered.
#[derive(Debug, thiserror::Error)]
pub enum OfferError {
    /// The town took the offer back.
    #[error("the offer was withdrawn")]
    Withdrawn,
    /// Others have portions of all that waits by now.
    #[error("nothing of the job is left to offer")]
    NothingLeft,
    /// The database failed, or the offer is another worker's.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for OfferError {
    fn code(&self) -> Code {
        match self {
            Self::Withdrawn => Code::Conflict,
            Self::NothingLeft => Code::UnitTaken,
            Self::Db(error) => error.code(),
        }
    }
}

/// An offer as its own worker answers it.
struct Own {
    worker: WorkerId,
    job: JobId,
    state: OfferState,
}

fn own(tx: &mut Tx<'_>, id: OfferId) -> Result<Own, OfferError> {
    let person = crate::acting_person(tx)?;
    let worker = workforce::workers::of_person(tx, person)?.ok_or(DbError::NotFound)?.id;
    let (job, state) = of_worker(tx, id, worker)?;
    if state == OfferState::Withdrawn { Err(OfferError::Withdrawn) } else { Ok(Own { worker, job, state }) }
}

/// Notes that the acting worker does not want a job now. Asks for no reason and keeps none. Their portion, if they have
/// one, goes on to others.
pub fn decline(tx: &mut Tx<'_>, id: OfferId) -> Result<(), OfferError> {
    let Own { worker, job, state } = own(tx, id)?;
    if state != OfferState::Declined {
        store::set_state(tx, id, OfferState::Declined)?;
        rounds::decline(tx, job, worker)?;
    }
    Ok(())
}

/// Takes some jobs back from a worker, answered or not: they are kept from them.
pub(crate) fn keep_from(tx: &mut Tx<'_>, worker: WorkerId, jobs: &[JobId]) -> Result<(), DbError> {
    store::withdraw_some(tx, worker, jobs)
}

/// Takes back whatever lies before a worker who leaves: their portions go on to others at once. Whoever returns may be offered
/// it again.
pub fn leave(tx: &mut Tx<'_>, worker: WorkerId) -> Result<(), DbError> {
    store::withdraw_from(tx, worker)?;
    rounds::leave(tx, worker)
}

/// Takes a decline back, or answers after all though the time went by: as long as others have not been offered all of it.
pub fn reconsider(tx: &mut Tx<'_>, id: OfferId) -> Result<(), OfferError> {
    let Own { worker, job, state } = own(tx, id)?;
    if state == OfferState::Open && rounds::last_portion(tx, worker, job)? != Some(PortionState::Passed) {
        return Ok(());
    }
    if !rounds::reopen(tx, job, worker)? {
        return Err(OfferError::NothingLeft);
    }
    Ok(store::set_state(tx, id, OfferState::Open)?)
}
