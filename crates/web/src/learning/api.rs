//! `/api/v1/my-skills`

use std::rc::Rc;

use db::DbError;
use workforce::skills::{self, WorkerSkill};

use crate::api::Listed;
use crate::call::Call;
use crate::failure::Failure;
use crate::offers::card;

/// `GET /api/v1/my-skills`
pub(crate) async fn skills(call: Rc<Call>) -> Result<Listed<WorkerSkill>, Failure> {
    let person = call.person()?;
    let found = call.db(move |tx| -> Result<_, DbError> {
        let worker = card::worker(tx, person)?;
        skills::of_worker(tx, worker.id)
    });
    Ok(found.await?.into())
}
