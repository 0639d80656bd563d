//! What a client's side asks for (取引条件): when they pay, how long they inspect, what stands on their own order sheet.
//!
//! Invariant: terms are never changed; what is agreed anew is the next version, and an older one stays readable
//! (`terms_agreed_anew_are_the_next_version_and_the_older_ones_stay`).

mod model;
mod store;
#[cfg(test)]
mod tests;

use db::{DbError, Tx};
use kernel::{Code, Coded, CompanyId, FieldProblem, Invalid};

pub use model::{ClientTerms, ClientTermsInput, PaymentRule};
pub use store::{at, history, standing};
pub(crate) use store::{let_go, take_over};

use crate::companies;

/// Why terms were not recorded.
#[derive(Debug, thiserror::Error)]
pub enum TermsError {
    /// Fields that cannot be accepted; nothing was written.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// Somebody recorded others since they were read.
    #[error("other terms were recorded meanwhile")]
    Stale,
    /// The database failed, or this town has no such company.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for TermsError {
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

/// Records a company's terms as the version after `version`; 0 where there were none.
pub fn agree(
    tx: &mut Tx<'_>,
    company: CompanyId,
    version: i32,
    input: &ClientTermsInput,
) -> Result<ClientTerms, TermsError> {
    let fields = input.checked()?;
    let company = companies::find(tx, company)?.id;
    let current = standing(tx, company)?.map_or(0, |terms| terms.version);
    if current != version {
        return Err(TermsError::Stale);
    }
    store::insert(tx, company, version + 1, &fields)?.ok_or(TermsError::Stale)
}
