//! `/api/v1/voices`

use std::rc::Rc;

use db::DbError;
use workforce::voices::{self, Voice, VoiceId, VoiceInput};

use super::withdraw_as;
use crate::api::{self, At, Created, IfMatch, Json, Listed, Once, One, Paged, Query};
use crate::call::Call;
use crate::failure::Failure;
use crate::offers::card;
use crate::orders::parts;

/// `GET /api/v1/voices`
pub(crate) async fn index(call: Rc<Call>, Query(paged): Query<Paged>) -> Result<Listed<Voice>, Failure> {
    let (person, manages) = (call.person()?, parts::may_write(&call));
    let paging = paged.paging::<VoiceId>()?;
    let page = call.db(move |tx| -> Result<_, DbError> {
        let worker = if manages { None } else { Some(card::worker(tx, person)?.id) };
        voices::list(tx, worker, &paging)
    });
    Ok(page.await?.into())
}

/// `POST /api/v1/voices`
pub(crate) async fn give(
    call: Rc<Call>,
    Json(input): Json<VoiceInput>,
) -> Result<Once<Created<Voice>>, Failure> {
    let person = call.person()?;
    api::once(&call, move |tx| -> Result<_, Failure> {
        let worker = card::worker(tx, person)?;
        Ok(Created(voices::give(tx, worker.id, &input)?))
    })
    .await
}

/// `POST /api/v1/voices/{id}/show`
pub(crate) async fn show(
    call: Rc<Call>,
    At(id): At<VoiceId>,
    IfMatch(version): IfMatch,
) -> Result<Once<One<Voice>>, Failure> {
    api::once(&call, move |tx| voices::show(tx, id, version).map(One)).await
}

/// `POST /api/v1/voices/{id}/hide`
pub(crate) async fn hide(
    call: Rc<Call>,
    At(id): At<VoiceId>,
    IfMatch(version): IfMatch,
) -> Result<Once<One<Voice>>, Failure> {
    api::once(&call, move |tx| voices::hide(tx, id, version).map(One)).await
}

/// `POST /api/v1/voices/{id}/withdraw`
pub(crate) async fn withdraw(call: Rc<Call>, At(id): At<VoiceId>) -> Result<Once<One<Voice>>, Failure> {
    let manages = parts::may_write(&call);
    api::once(&call, move |tx| withdraw_as(tx, id, manages).map(One)).await
}
