//! Invoice registration (適格請求書発行事業者の登録) of a worker: their number, or that they have none. Each answer stays; the
//! latest counts, so a statement of last year can be read again with what was known then.

mod lists;
mod model;
mod store;
#[cfg(test)]
mod tests;

use db::{DbError, Tx};
use kernel::{Code, Coded, FieldProblem, Invalid, WorkerId};

pub use lists::of_worker;
pub use model::{InvoiceRegistration, InvoiceRegistrationInput, RegistrationState};

/// Why an answer was not kept.
#[derive(Debug, thiserror::Error)]
pub enum InvoiceRegistrationError {
    /// Fields that cannot be accepted; nothing was written.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for InvoiceRegistrationError {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(invalid) => invalid.code(),
            Self::Db(error) => error.code(),
        }
    }

    fn fields(&self) -> &[FieldProblem] {
        match self {
            Self::Invalid(invalid) => invalid.fields(),
            Self::Db(_) => &[],
        }
    }
}

/// Writes down what a worker says, by themselves or by whoever they told.
pub fn record(
    tx: &mut Tx<'_>,
    worker: WorkerId,
    input: &InvoiceRegistrationInput,
) -> Result<InvoiceRegistration, InvoiceRegistrationError> {
    let by = tx.actor().person().ok_or(DbError::NotFound)?;
    let answer = input.checked()?;
    Ok(store::insert(tx, worker, by, &answer)?)
}
