//! What workers offer: the forms of it, for themselves and for whoever leads them, and JSON.

pub(crate) mod api;
pub(crate) mod own;
pub(crate) mod show;
mod view;

use db::{DbError, Tx};
use kernel::{PersonId, WorkerId};
use workforce::{Worker, workers};

use crate::offers::card;

pub(crate) use view::{PlanView, form_of};

/// Whose offer is looked at or changed.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Whose {
    /// The reader's own.
    Own(PersonId),
    /// A worker's, for whoever leads them.
    Of(WorkerId),
}

impl Whose {
    /// The worker; [`DbError::NotFound`] for somebody who is none.
    pub(crate) fn worker(self, tx: &mut Tx<'_>) -> Result<Worker, DbError> {
        match self {
            Self::Own(person) => card::worker(tx, person),
            Self::Of(id) => workers::find(tx, id),
        }
    }
}
