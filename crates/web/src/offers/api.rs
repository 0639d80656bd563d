//! `/api/v1/offers`

use std::rc::Rc;

use db::DbError;
use fulfillment::claims::{self, ClaimInput, Claimed};
use fulfillment::offers::{self, OfferCard, OfferError, OfferKey};
use fulfillment::terms::{self, Terms};
use kernel::{Checks, JobId, OfferId, Typed};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::card;
use super::claim::{CountQuery, count_of, drawn_up};
use crate::api::{self, At, Created, Json, Listed, NoContent, Once, One, Paged, Query};
use crate::call::Call;
use crate::failure::Failure;

/// `GET /api/v1/offers`
pub(crate) async fn index(call: Rc<Call>, Query(paged): Query<Paged>) -> Result<Listed<OfferCard>, Failure> {
    let (paging, person) = (paged.paging::<OfferKey>()?, call.person()?);
    let page = call.db(move |tx| -> Result<_, DbError> {
        let worker = card::worker(tx, person)?;
        offers::fitting(tx, worker.id, &paging)
    });
    Ok(page.await?.into())
}

/// An offer with its rules in full and the terms for the units asked about.
#[derive(Serialize, JsonSchema)]
pub(crate) struct OfferInFull {
    /// The offer at a glance.
    #[serde(flatten)]
    card: OfferCard,
    /// How the work is to be done.
    rules: String,
    /// The skill it asks for; null where anybody may do it.
    skill: Option<String>,
    /// What the claim would accept; null while the town has not entered everything the law wants named.
    terms: Option<Terms>,
}

/// `GET /api/v1/offers/{job}`
pub(crate) async fn show(
    call: Rc<Call>,
    At(job): At<JobId>,
    Query(wanted): Query<CountQuery>,
) -> Result<One<OfferInFull>, Failure> {
    let (person, language) = (call.person()?, call.language);
    let offer = call.db(move |tx| -> Result<_, Failure> {
        let worker = card::worker(tx, person)?;
        let offered = card::of_job(tx, &worker, job)?;
        let (count, refused) = count_of(&wanted.count, offered.card.units_left.max(1));
        if let Some(invalid) = refused {
            return Err(invalid.into());
        }
        let terms = drawn_up(terms::preview(tx, job, worker.id, count, language))?;
        let (card, skill) = (offered.card, offered.skill);
        Ok(OfferInFull { card, rules: offered.job.rules, skill, terms })
    });
    offer.await.map(One)
}

/// `POST /api/v1/offers/{job}/claim`
pub(crate) async fn claim(
    call: Rc<Call>,
    At(job): At<JobId>,
    Json(input): Json<ClaimInput>,
) -> Result<Once<Created<Claimed>>, Failure> {
    api::once(&call, move |tx| claims::claim(tx, job, input).map(Created)).await
}

/// `POST /api/v1/offers/{job}/decline`
pub(crate) async fn decline(call: Rc<Call>, At(job): At<JobId>) -> Result<Once<NoContent>, Failure> {
    let person = call.person()?;
    api::once(&call, move |tx| -> Result<_, OfferError> {
        let worker = card::worker(tx, person)?;
        let offered = card::of_job(tx, &worker, job)?;
        offers::decline(tx, offered.card.offer).map(|()| NoContent)
    })
    .await
}

/// Which offer to show again.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "offer": 42 }]))]
pub(crate) struct ReconsiderInput {
    /// The id that the declined offer had; required.
    offer: Typed,
}

/// `POST /api/v1/offers/reconsider`
pub(crate) async fn reconsider(
    call: Rc<Call>,
    Json(input): Json<ReconsiderInput>,
) -> Result<Once<NoContent>, Failure> {
    api::once(&call, move |tx| -> Result<_, Failure> {
        let mut checks = Checks::new();
        let offer = checks.number("offer", &input.offer, 1..=i64::MAX);
        let offer = OfferId(checks.done(offer)?);
        Ok(offers::reconsider(tx, offer).map(|()| NoContent)?)
    })
    .await
}
