//! An offer that can no longer be taken: a plain sentence about what happened and the way on, not an error. Links in mails
//! outlive what they point to.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use fulfillment::offers::{Standing, standing};
use kernel::{JobId, OfferId};
use serde::Serialize;

use super::card;
use crate::call::Call;
use crate::failure::Failure;
use crate::shell::Crumb;

#[derive(Serialize)]
struct GonePage {
    title: String,
    crumbs: Vec<Crumb>,
    /// Which words the page speaks: `declined`, `filled`, `over`, `withdrawn`, `resting`.
    kind: &'static str,
    /// The declined offer, which can be taken back.
    declined: Option<OfferId>,
    /// Whether the worker has just tried to take it.
    tried: bool,
}

/// The page about an offer that is not open to the worker; `None` where it is. [`Failure::not_found`] for a job that
/// never was before them.
pub(super) async fn page(call: &Call, job: JobId, tried: bool) -> Result<Option<HttpResponse>, Failure> {
    let person = call.person()?;
    let standing = call.db(move |tx| {
        let worker = card::worker(tx, person)?;
        standing(tx, worker.id, job)
    });
    let (kind, declined) = match standing.await? {
        Standing::Open(_) => return Ok(None),
        Standing::Declined(offer) => ("declined", Some(offer)),
        Standing::Filled => ("filled", None),
        Standing::Over => ("over", None),
        Standing::Withdrawn => ("withdrawn", None),
        Standing::Resting => ("resting", None),
    };
    let page = GonePage {
        title: call.text(&format!("offer-gone-{kind}")),
        crumbs: vec![Crumb::new(call, "nav-offers", "/offers")],
        kind,
        declined,
        tried,
    };
    call.page_with(StatusCode::OK, "offers/gone.html", &page).map(Some)
}
