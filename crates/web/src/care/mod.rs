//! Requests for consideration: a worker's own, those that wait for coordination, one with its answer, and JSON.

pub(crate) mod api;
pub(crate) mod pages;

use db::{DbError, Tx};
use kernel::PersonId;
use workforce::care_requests::{self, CareRequest, CareRequestId};
use workforce::workers;

/// A request that `reader` may see: coordination sees all, a worker their own; anybody else's is not there.
pub(super) fn find_for(
    tx: &mut Tx<'_>,
    id: CareRequestId,
    reader: PersonId,
    sees_all: bool,
) -> Result<CareRequest, DbError> {
    let request = care_requests::find(tx, id)?;
    if sees_all || is_of(tx, &request, reader)? { Ok(request) } else { Err(DbError::NotFound) }
}

/// Whether it is `person` who asked.
pub(super) fn is_of(tx: &mut Tx<'_>, request: &CareRequest, person: PersonId) -> Result<bool, DbError> {
    Ok(workers::find(tx, request.worker_id)?.person_id == person)
}
