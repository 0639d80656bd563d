//! Exclusions (頼まないことにした仕事): a job, or all of a client's work, that somebody is not asked to do – someone close to
//! them works there, or they do. A town's rule about work and no mark on anybody; why is a coded word that coordination alone
//! reads.
//!
//! Invariants: no round asks them and nobody claims what is kept from them, by trigger `assignments_not_excluded` too
//! (`what_somebody_is_not_asked_to_do_reaches_them_by_no_way`); what they hold already stays theirs.

mod lists;
mod model;
pub(crate) mod store;
#[cfg(test)]
mod tests;

use db::{DbError, Tx};
use kernel::{Code, Coded, FieldProblem, Invalid, WorkerId};

pub(crate) use lists::is_kept_from;
pub use lists::{find, kept_from, of_worker, under_way};
pub use model::{Exclusion, ExclusionId, ExclusionInput, Extent, Kept, Reason, Subject};

use crate::jobs;
use crate::offers;
use crate::orders;
use crate::rounds;

/// Why work was not kept from somebody, or not given free again.
#[derive(Debug, thiserror::Error)]
pub enum ExclusionError {
    /// Fields that cannot be accepted; nothing was written.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// It is kept from them already.
    #[error("this work is kept from them already")]
    Already,
    /// It was taken back before.
    #[error("it was taken back before")]
    Lifted,
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for ExclusionError {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(invalid) => invalid.code(),
            Self::Already | Self::Lifted => Code::Conflict,
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

/// Keeps a job, or all work of its client, from a worker. What of it lies before them is taken back and goes on to others;
/// what they hold stays theirs. Nobody is told.
pub fn exclude(
    tx: &mut Tx<'_>,
    worker: WorkerId,
    input: &ExclusionInput,
) -> Result<Exclusion, ExclusionError> {
    let by = crate::acting_person(tx)?;
    let fields = input.checked(crate::today(tx))?;
    // Claims hold the worker too: one that is under way ends before this begins, or sees it.
    let worker = workforce::workers::hold(tx, worker)?.id;
    let job = match jobs::find(tx, fields.job) {
        Err(DbError::NotFound) => return Err(Invalid::field("job_id", Code::UnknownChoice).into()),
        found => found?,
    };
    let subject = match fields.extent {
        Extent::Job => Subject::Job(job.id),
        Extent::Client => Subject::Client(orders::find(tx, job.order_id)?.company_id),
    };
    if lists::has(tx, worker, subject)? {
        return Err(ExclusionError::Already);
    }
    let made = store::insert(tx, worker, subject, (fields.reason, fields.until), by)?;
    let covered = lists::offered_of(tx, subject)?;
    offers::keep_from(tx, worker, &covered)?;
    rounds::keep_from(tx, worker, &covered)?;
    Ok(made)
}

/// Takes an exclusion back: the next round of the work asks them like anybody else.
pub fn lift(tx: &mut Tx<'_>, id: ExclusionId) -> Result<Exclusion, ExclusionError> {
    let by = crate::acting_person(tx)?;
    find(tx, id)?;
    store::lift(tx, id, by)?.ok_or(ExclusionError::Lifted)
}

/// Forgets what was kept from those who left a year ago; gives how many rows that were. May run twice.
pub fn forget(tx: &mut Tx<'_>) -> Result<usize, DbError> {
    let gone = workforce::workers::left_long_ago(tx)?;
    store::forget(tx, &gone)
}
