//! Calendar feeds: a secret address under which a person's own calendar reads what they have to do.
//!
//! Invariant: the address's secret is kept as its digest alone; a person has one address at most, and one that was
//! replaced or ended opens nothing (`an_address_that_was_replaced_or_ended_opens_nothing`).

mod lists;
mod model;
mod store;
#[cfg(test)]
mod tests;

use accounts::persons;
use accounts::secrets::OrgSecret;
use accounts::throttle::Throttled;
use db::{DbError, Tx};
use kernel::{Code, Coded, FieldProblem, PersonId};

pub use lists::of;
pub use model::{Feed, FeedId};

/// Why an address opened nothing.
#[derive(Debug, thiserror::Error)]
pub enum FeedError {
    /// No such address, or it was replaced or ended, or its person may no longer sign in.
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

/// Whose calendar an address opens, noted as read now.
pub fn open(tx: &mut Tx<'_>, secret: &OrgSecret) -> Result<PersonId, FeedError> {
    let found = store::lock(tx, secret)?.ok_or(FeedError::Gone)?;
    if !persons::find(tx, found.person)?.is_active() {
        return Err(FeedError::Gone);
    }
    let reads = found.reads.read(tx.now()).map_err(|retry_after| Throttled::TooManyTries { retry_after })?;
    store::note_read(tx, found.id, reads)?;
    Ok(found.person)
}
