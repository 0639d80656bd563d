//! An offer that can no longer be taken: a plain sentence about what happened and the way on, not an error. Links in mails
//! outlive what they point to.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use fulfillment::offers::{Standing, standing};
use kernel::{JobId, OfferId};
use serde::Serialize;

use super::card::{self, WhyNone};
use crate::call::Call;
use crate::failure::Failure;
use crate::my_units::ask::{self, Ask};
use crate::paths;
use crate::shell::Crumb;

#[derive(Serialize)]
struct GonePage {
    title: String,
    crumbs: Vec<Crumb>,
    /// Which words the page speaks: `declined`, `passed`, `took-portion`, `filled`, `over`, `withdrawn`, `not-asked`, `registered`, `training`, `resting`.
    kind: &'static str,
    /// The offer that was declined or not answered in time; as long as something is left it can be asked for again.
    declined: Option<OfferId>,
    ask: Option<Ask>,
    /// Why it was offered to them, or was not.
    why_href: String,
    /// Whether the worker has just tried to take it.
    tried: bool,
}

/// The page about an offer that is not open to the worker; `None` where it is. [`Failure::not_found`] for a job that
/// never was before them.
pub(super) async fn page(call: &Call, job: JobId, tried: bool) -> Result<Option<HttpResponse>, Failure> {
    let person = call.person()?;
    let standing = call.db(move |tx| {
        let worker = card::worker(tx, person)?;
        Ok::<_, db::DbError>((standing(tx, worker.id, job)?, WhyNone::of(tx, &worker)?, ask::desk(tx)?))
    });
    let (standing, why_none, desk) = standing.await?;
    let (kind, declined) = match standing {
        Standing::Open(_) => return Ok(None),
        Standing::Declined(offer) => ("declined", Some(offer)),
        Standing::Passed(offer) => ("passed", Some(offer)),
        Standing::TookPortion => ("took-portion", None),
        Standing::Filled => ("filled", None),
        Standing::Over => ("over", None),
        Standing::Withdrawn => ("withdrawn", None),
        Standing::Excluded => ("not-asked", None),
        Standing::Resting => match why_none {
            WhyNone::Registered => ("registered", None),
            WhyNone::Training => ("training", None),
            WhyNone::Left => ("left", None),
            _ => ("resting", None),
        },
    };
    let page = GonePage {
        title: call.text(&format!("offer-gone-{kind}")),
        crumbs: vec![Crumb::new(call, "nav-offers", "/offers")],
        ask: Ask::about(call, &desk, &call.text("nav-offers")),
        why_href: format!("{}/why", paths::offer(job)),
        kind,
        declined,
        tried,
    };
    call.page_with(StatusCode::OK, "offers/gone.html", &page).map(Some)
}
