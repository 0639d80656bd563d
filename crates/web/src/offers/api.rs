//! `/api/v1/offers`

use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use db::DbError;
use fulfillment::claims::{self, ClaimInput};
use fulfillment::offers::{self, OfferCard, OfferError, OfferKey};
use fulfillment::terms::{self, Terms};
use kernel::JobId;
use serde::{Deserialize, Serialize};

use super::card;
use super::claim::{CountQuery, count_of, drawn_up};
use crate::api::{self, ListQuery};
use crate::call::Call;
use crate::failure::Failure;

/// `GET /api/v1/offers`
pub(crate) async fn index(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let paging = call.query::<ListQuery>().paging::<OfferKey>();
    let person = call.person()?;
    let page = call
        .db(move |tx| -> Result<_, DbError> {
            let worker = card::worker(tx, person)?;
            offers::fitting(tx, worker.id, &paging)
        })
        .await?;
    Ok(api::list(&call, page))
}

/// An offer with its rules in full and the terms for `?count=` units.
#[derive(Serialize)]
struct OfferJson {
    #[serde(flatten)]
    card: OfferCard,
    rules: String,
    skill: Option<String>,
    /// Null while the town has not entered everything the law wants named.
    terms: Option<Terms>,
}

/// `GET /api/v1/offers/{job}`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let (job, person, language): (JobId, _, _) = (call.id("job")?, call.person()?, call.language);
    let wanted = call.query::<CountQuery>().count;
    let offer = call
        .db(move |tx| -> Result<_, Failure> {
            let worker = card::worker(tx, person)?;
            let offered = card::of_job(tx, &worker, job)?;
            let (count, refused) = count_of(&wanted, offered.card.units_left.max(1));
            if let Some(invalid) = refused {
                return Err(invalid.into());
            }
            let terms = drawn_up(terms::preview(tx, job, worker.id, count, language))?;
            let (card, skill) = (offered.card, offered.skill);
            Ok(OfferJson { card, rules: offered.job.rules, skill, terms })
        })
        .await?;
    Ok(call.answer(StatusCode::OK, &offer))
}

/// `POST /api/v1/offers/{job}/claim`
pub(crate) async fn claim(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let job: JobId = call.id("job")?;
    api::post(&call, StatusCode::CREATED, move |tx, input: ClaimInput| claims::claim(tx, job, input)).await
}

/// A body without members.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Nothing {}

/// What became of an offer.
#[derive(Serialize)]
struct Declined {
    job: JobId,
    declined: bool,
}

/// `POST /api/v1/offers/{job}/decline`
pub(crate) async fn decline(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let (job, person): (JobId, _) = (call.id("job")?, call.person()?);
    api::post(&call, StatusCode::OK, move |tx, _body: Nothing| -> Result<_, OfferError> {
        let worker = card::worker(tx, person)?;
        let offered = card::of_job(tx, &worker, job)?;
        offers::decline(tx, offered.card.offer)?;
        Ok(Declined { job, declined: true })
    })
    .await
}
