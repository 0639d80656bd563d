//! Opening a deal again, of whatever end it came to. A won one takes its order back in the same transaction: sales and
//! fulfillment, which never see each other, are joined here.

use db::{DbError, Tx};
use fulfillment::orders::{self, OrderError};
use kernel::{Code, Coded, DealId, FieldProblem};
use sales::deals::{self, Deal, DealError, DealStatus, ReopenInput};

/// Why a deal was not opened again; nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum ReopenError {
    /// The deal does not allow it.
    #[error(transparent)]
    Deal(#[from] DealError),
    /// Its order is not taken back: somebody has begun it, or it is over.
    #[error(transparent)]
    Order(#[from] OrderError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for ReopenError {
    fn code(&self) -> Code {
        match self {
            Self::Deal(error) => error.code(),
            Self::Order(error) => error.code(),
            Self::Db(error) => error.code(),
        }
    }

    fn fields(&self) -> &[FieldProblem] {
        match self {
            Self::Deal(error) => error.fields(),
            Self::Order(error) => error.fields(),
            Self::Db(_) => &[],
        }
    }
}

/// Takes a lost, dormant or won deal up again. A won one asks for a reason, and its order must be a draft, which is taken
/// back with it.
pub fn reopen(tx: &mut Tx<'_>, id: DealId, version: i32, input: ReopenInput) -> Result<Deal, ReopenError> {
    if deals::find(tx, id)?.state.status() != DealStatus::Won {
        return Ok(deals::reopen(tx, id, version, input)?);
    }
    deals::reopen_won(tx, id, version, input, |tx, deal, because| {
        orders::withdraw(tx, deal, because)?;
        Ok(())
    })
}
