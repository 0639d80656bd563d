//! Checks (確認項目): what is looked at in each unit of a job, every wording a version that never changes, and how often a unit
//! goes back before its maker is coached.
//!
//! Invariants: an answer names the item of the version it was given to, by foreign key; a unit passes once every item of the
//! newest version is answered and none with no (`a_unit_passes_once_everything_that_is_looked_at_is_in_order`).

mod lists;
mod model;
pub(crate) mod store;
#[cfg(test)]
mod tests;

use db::Tx;
use kernel::JobId;

pub use lists::{find, newest, of_job, rework_cap};
pub use model::{ChecksInput, ChecksKey, JobChecks};

use crate::jobs::{self, JobError};

/// Gives a job's checks another wording, on top of the version it was written over. Reviews from now on answer to it; the same
/// once more changes nothing.
pub fn change(tx: &mut Tx<'_>, job: JobId, input: &ChecksInput) -> Result<JobChecks, JobError> {
    let (based_on, fields) = input.checked()?;
    let by = crate::acting_person(tx)?;
    let (_order, job) = jobs::hold(tx, job)?;
    let before = newest(tx, job.id)?;
    let number = before.as_ref().map_or(0, |checks| checks.number);
    if number != based_on {
        return Err(JobError::Stale);
    }
    if let Some(same) =
        before.filter(|before| before.items == fields.items && before.rework_cap == fields.rework_cap)
    {
        return Ok(same);
    }
    Ok(store::keep(tx, job.id, number + 1, &fields, by)?)
}
