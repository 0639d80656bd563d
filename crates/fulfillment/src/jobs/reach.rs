//! Who may look at a job as somebody who works on it.

use db::{DbError, Tx};
use diesel::dsl::exists;
use diesel::prelude::*;
use kernel::{JobId, PersonId};

use super::lists::find;
use super::model::Job;
use crate::offers;
use crate::schema::units;
use crate::units::UnitState;

/// A job that lies before the acting worker, or of which they have a unit; any other does not exist for them.
pub fn reach(tx: &mut Tx<'_>, id: JobId) -> Result<Job, DbError> {
    let person = crate::acting_person(tx)?;
    if is_in_hand(tx, id, person)? {
        return find(tx, id);
    }
    let worker = workforce::workers::of_person(tx, person)?.ok_or(DbError::NotFound)?;
    if offers::is_before(tx, id, worker.id)? { find(tx, id) } else { Err(DbError::NotFound) }
}

/// Whether a person has, or handed in, a unit of a job that was not called off.
fn is_in_hand(tx: &mut Tx<'_>, id: JobId, person: PersonId) -> Result<bool, DbError> {
    let held = units::table
        .filter(units::job_id.eq(id))
        .filter(units::holder_id.eq(person))
        .filter(units::state.ne(UnitState::Cancelled));
    Ok(diesel::select(exists(held)).get_result(tx.conn())?)
}
