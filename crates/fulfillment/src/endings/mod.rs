//! Endings (解除・不更新の予告): the town's word, thirty days before, that somebody's work ends or is not gone on with, and
//! the reason when they ask (Freelance Act art. 16).
//!
//! Invariants: where work has gone on for six months, its end is told thirty days before or with one of the law's
//! exceptions, by CHECK too (`ending_notices_in_time`); what was told never changes; the reason is written down before the
//! notice is given, so that it can be told the moment it is asked for.

pub mod continuity;
pub(crate) mod events;
mod lists;
mod model;
mod store;
#[cfg(test)]
mod tests;

use db::{DbError, Tx};
use kernel::{Code, Coded, FieldProblem, Invalid, WorkerId};

pub use lists::{find, of_worker, under_way};
pub use model::{Ending, EndingException, EndingId, EndingInput};

use crate::events::EndingNoticed;

/// Why no notice was given, or no reason told.
#[derive(Debug, thiserror::Error)]
pub enum EndingError {
    /// Fields that cannot be accepted; nothing was written.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The work has ended, or the reason was told before.
    #[error("the reason was told, or the work has ended")]
    NothingToAsk,
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for EndingError {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(invalid) => invalid.code(),
            Self::NothingToAsk => Code::Conflict,
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

/// Gives a worker notice. It ends nothing by itself: what they hold stays theirs until they hand it in.
pub fn give_notice(tx: &mut Tx<'_>, worker: WorkerId, input: EndingInput) -> Result<Ending, EndingError> {
    let by = crate::acting_person(tx)?;
    let worker = workforce::workers::hold(tx, worker)?;
    let since = under_way(tx, worker.id)?.map(|span| span.from);
    let fields = input.checked(since, crate::today(tx))?;
    let ending = store::insert(tx, worker.id, since, &fields, by)?;
    let reason = ending.told_reason().unwrap_or_default().to_owned();
    queue::record(
        tx,
        &EndingNoticed {
            notice: ending.id,
            person: worker.person_id,
            noticed_on: ending.noticed_on,
            ends_on: ending.ends_on,
            exception: ending.exception,
            reason,
            was_asked: false,
        },
    )?;
    Ok(ending)
}

/// The acting worker asks why their work ends: they read it at once, and it goes out by mail (art. 16 para. 2).
pub fn ask_reason(tx: &mut Tx<'_>, id: EndingId) -> Result<Ending, EndingError> {
    let person = crate::acting_person(tx)?;
    let worker = workforce::workers::of_person(tx, person)?.ok_or(DbError::NotFound)?;
    let ending = find(tx, worker.id, id)?;
    if !ending.may_be_asked(crate::today(tx)) || !store::ask(tx, id)? {
        return Err(EndingError::NothingToAsk);
    }
    let ending = find(tx, worker.id, id)?;
    queue::record(
        tx,
        &EndingNoticed {
            notice: id,
            person,
            noticed_on: ending.noticed_on,
            ends_on: ending.ends_on,
            exception: ending.exception,
            reason: ending.reason.clone(),
            was_asked: true,
        },
    )?;
    Ok(ending)
}
