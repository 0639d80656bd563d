//! Calendar feeds: a secret address under which a person's own calendar reads what they have to do.
//!
//! Invariants: the address's secret is kept as its digest alone; a person has one address at most, and one that was
//! replaced or ended opens nothing (`an_address_that_was_replaced_or_ended_opens_nothing`); it opens for as long as its
//! person sells (`nobody_reads_the_calendar_of_somebody_who_no_longer_sells`).

mod lists;
mod model;
mod store;
#[cfg(test)]
mod tests;

use accounts::persons::{self, Person};
use accounts::secrets::OrgSecret;
use accounts::throttle::Throttled;
use db::{DbError, Tx};
use kernel::{Code, Coded, FieldProblem, PersonId};

pub use lists::of;
pub use model::{Feed, FeedId};

use crate::colleagues;

/// Why an address opened nothing.
#[derive(Debug, thiserror::Error)]
pub enum FeedError {
    /// No such address, or it was replaced or ended, or its person no longer sells here.
    #[error("the calendar's address opens nothing")]
    Gone,
    /// It was read too often just now.
    #[error(transparent)]
    Throttled(#[from] Throttled),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for FeedError {
    fn code(&self) -> Code {
        match self {
            Self::Gone => Code::LinkGone,
            Self::Throttled(error) => error.code(),
            Self::Db(error) => error.code(),
        }
    }

    fn fields(&self) -> &[FieldProblem] {
        &[]
    }
}

/// Gives the acting person a new address; the one before ends with it. The secret is shown this once.
pub fn renew(tx: &mut Tx<'_>) -> Result<(Feed, OrgSecret), DbError> {
    let person = tx.actor().person().ok_or(DbError::NotFound)?;
    // Asked for twice at once, the second address ends the first.
    store::hold(tx, person)?;
    store::end(tx, person)?;
    let secret = OrgSecret::generate(tx.organization());
    let feed = store::insert(tx, person, &secret)?;
    Ok((feed, secret))
}

/// Ends the acting person's address; nothing where there is none.
pub fn end(tx: &mut Tx<'_>) -> Result<(), DbError> {
    let person = tx.actor().person().ok_or(DbError::NotFound)?;
    store::end(tx, person)
}

/// Ends a person's address; nothing where they have none. For an administrator.
pub fn end_of(tx: &mut Tx<'_>, person: PersonId) -> Result<(), DbError> {
    store::end(tx, person)
}

/// Ends the address of somebody who no longer sells, for whoever has just changed what they may do: it does not open again
/// by itself, should they come back.
pub fn end_unless_selling(tx: &mut Tx<'_>, person: &Person) -> Result<(), DbError> {
    if colleagues::sells(person) { Ok(()) } else { store::end(tx, person.id) }
}

/// Whose calendar an address opens, noted as read now.
pub fn open(tx: &mut Tx<'_>, secret: &OrgSecret) -> Result<PersonId, FeedError> {
    let found = store::lock(tx, secret)?.ok_or(FeedError::Gone)?;
    if !colleagues::sells(&persons::find(tx, found.person)?) {
        return Err(FeedError::Gone);
    }
    let reads = found.reads.read(tx.now()).map_err(|retry_after| Throttled::TooManyTries { retry_after })?;
    store::note_read(tx, found.id, reads)?;
    Ok(found.person)
}
