//! How much a worker wants to do a week: their own to say, and to change whenever life does.

use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use db::Tx;
use fulfillment::claims;
use kernel::{PersonId, date_in_japan};
use schemars::JsonSchema;
use serde::Serialize;
use workforce::Worker;
use workforce::availability;
use workforce::workers::{self, HoursInput};

use crate::api::{Json, One};
use crate::availability::{PlanView, form_of};
use crate::call::Call;
use crate::capacity::moving_days;
use crate::failure::Failure;
use crate::format;
use crate::forms::{Form, FormView};
use crate::offers::card;
use crate::orders::parts::{self, Choice};
use crate::shell::Crumb;

/// The most a week may hold, in hours.
const MOST_HOURS: i64 = 40;

#[derive(Serialize)]
struct HoursPage {
    title: String,
    crumbs: Vec<Crumb>,
    answer: String,
    choices: Vec<Choice>,
    plan: PlanView,
    form: FormView,
}

/// Whole hours, and what the worker has now if that is between two of them.
fn choices(call: &Call, now_minutes: i64) -> Vec<Choice> {
    let mut minutes: Vec<i64> = (0..=MOST_HOURS).map(|hours| hours * 60).chain([now_minutes]).collect();
    minutes.sort_unstable();
    minutes.dedup();
    minutes
        .into_iter()
        .map(|minutes| Choice::new(minutes, format::duration(call.language, minutes)))
        .collect()
}

/// The page of a worker's hours; after a refusal with what was typed into one of its forms.
pub(crate) async fn page(
    call: &Call,
    posted: Option<&Form>,
    failure: Option<&Failure>,
) -> Result<HttpResponse, Failure> {
    let person = call.person()?;
    let (worker, promised, plan, today) = call
        .db(move |tx| -> Result<_, Failure> {
            let worker = card::worker(tx, person)?;
            let promised = claims::promised_by(tx, &worker)?;
            let plan = availability::plan(tx, worker.id)?;
            Ok((worker, promised, plan, date_in_japan(tx.now())))
        })
        .await?;
    let weekly = i64::from(worker.weekly_minutes);
    let promised = format::duration(call.language, promised);
    let page = HoursPage {
        title: call.text("my-hours-title"),
        crumbs: vec![Crumb::new(call, "nav-units", "/my-units")],
        answer: parts::say(call, "my-hours-answer", &[("promised", promised)]),
        choices: choices(call, weekly),
        plan: PlanView::of(call, &plan, today, worker.weekly_minutes, "/my-hours".to_owned()),
        form: form_of(&plan, posted).preset("weekly_minutes", weekly).view(call, failure),
    };
    call.page_with(failure.map_or(StatusCode::OK, Failure::status), "my_units/hours.html", &page)
}

/// `GET /my-hours`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    page(&call, None, None).await
}

/// The worker's own hours; the newest word counts, so there is no version to be based on.
fn set(tx: &mut Tx<'_>, person: PersonId, input: HoursInput) -> Result<Worker, Failure> {
    let worker = card::worker(tx, person)?;
    let worker = workers::hold(tx, worker.id)?;
    Ok(moving_days(tx, |tx| workers::set_weekly_minutes(tx, worker.id, worker.version, input))?)
}

/// `POST /my-hours`
pub(crate) async fn update(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let person = call.person()?;
    let form = call.form();
    let input: HoursInput = form.input()?;
    match call.db(move |tx| set(tx, person, input)).await {
        Ok(_worker) => Ok(call.done("/my-hours", "done-my-hours")),
        Err(failure) if failure.is_about_input() => page(&call, Some(&form), Some(&failure)).await,
        Err(failure) => Err(failure),
    }
}

/// A worker's own hours.
#[derive(Serialize, JsonSchema)]
pub(crate) struct MyHours {
    /// Minutes of work a week they want at most.
    weekly_minutes: i32,
}

/// `GET /api/v1/my-hours`
pub(crate) async fn read(call: Rc<Call>) -> Result<One<MyHours>, Failure> {
    let person = call.person()?;
    let worker = call.db(move |tx| card::worker(tx, person)).await?;
    Ok(One(MyHours { weekly_minutes: worker.weekly_minutes }))
}

/// `PUT /api/v1/my-hours`
pub(crate) async fn write(call: Rc<Call>, Json(input): Json<HoursInput>) -> Result<One<MyHours>, Failure> {
    let person = call.person()?;
    let worker = call.db(move |tx| set(tx, person, input)).await?;
    Ok(One(MyHours { weekly_minutes: worker.weekly_minutes }))
}
