//! The form on which anybody asks a town for work to be done: no account, no script; looking at it changes nothing.

use std::rc::Rc;

use accounts::organizations::{self, Organization};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use chrono::NaiveDate;
use kernel::{DayKind, Holidays, LeadId, Typed};
use sales::LeadError;
use sales::leads::{self, InquiryInput};
use serde::{Deserialize, Serialize};

use accounts::throttle::Throttled;

use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::forms::{Form, FormView};
use crate::phrases::{address, counted, said};
use crate::sign_in::pages::{outside, town_of};

/// The town of an inquiry's page; not found where it has no such form.
pub(crate) async fn host_of(call: &Call) -> Result<Organization, Failure> {
    let scope = outside(call, town_of(call).await?.id);
    let town = call.app.db.run(scope, organizations::find).await?;
    if town.answer_days.is_some() { Ok(town) } else { Err(Failure::not_found()) }
}

fn host(call: &Call) -> Result<&Organization, Failure> {
    call.host.as_ref().ok_or_else(Failure::not_found)
}

#[derive(Serialize)]
struct FormPage {
    title: String,
    /// Within how many business days the town answers, in words.
    promise: String,
    /// What is done with what they write.
    privacy: String,
    action: String,
    form: FormView,
}

fn form_page(call: &Call, form: &Form, failure: Option<&Failure>) -> Result<HttpResponse, Failure> {
    let town = host(call)?;
    let days = town.answer_days.unwrap_or_default();
    let page = FormPage {
        title: said(call, "inquiry-title", [("town", &town.name)]),
        promise: counted(call, "inquiry-promise", "days", i64::from(days)),
        privacy: said(call, "inquiry-privacy", [("town", &town.legal_name)]),
        action: path(town),
        form: form.view(call, failure),
    };
    let mut response =
        call.page_with(failure.map_or(StatusCode::OK, Failure::status), "inquiries/form.html", &page)?;
    if let Some(failure) = failure {
        failure.say_when_to_retry(&mut response);
    }
    Ok(response)
}

fn path(town: &Organization) -> String {
    format!("/t/{}/inquiry", town.slug)
}

/// `GET /t/{town}/inquiry`
pub(crate) async fn new(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    form_page(&call, &Form::default(), None)
}

/// `POST /t/{town}/inquiry`: one lead, however often the same form arrives.
pub(crate) async fn create(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let form = call.form();
    let input: InquiryInput = form.input()?;
    let town = host(&call)?;
    let (language, from, received) =
        (call.language, call.network_address(), format!("{}/received", path(town)));
    let arrived = call.once_in(outside(&call, town.id), &form, move |tx| -> Result<String, Failure> {
        let lead = leads::receive(tx, language, &from, &input).map_err(with_retry)?;
        let answer_by = lead.answer_by.map(|day| day.to_string()).unwrap_or_default();
        Ok(address(&received, &[("number", &lead.id.to_string()), ("answer-by", &answer_by)]))
    });
    match arrived.await {
        Ok(arrived) => Ok(call.see_other(arrived.location)),
        Err(failure) if failure.is_about_input() => form_page(&call, &form, Some(&failure)),
        Err(failure) => Err(failure),
    }
}

fn with_retry(error: LeadError) -> Failure {
    let wait = match &error {
        LeadError::Throttled(Throttled::TooManyTries { retry_after }) => Some(retry_after.as_secs()),
        _ => None,
    };
    let mut failure = Failure::from(error);
    failure.retry_after = wait;
    failure
}

/// What the address of the confirmation says; it was written by [`create`] and opens nothing.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
struct ReceivedQuery {
    number: Typed,
    answer_by: Typed,
}

#[derive(Serialize)]
struct ReceivedPage {
    title: String,
    number: String,
    /// Until when they hear from the town.
    promise: String,
    /// Holidays of that year are not published yet.
    may_be_later: bool,
    again: String,
}

/// `GET /t/{town}/inquiry/received`
pub(crate) async fn received(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let query: ReceivedQuery = call.query();
    let number: LeadId = query.number.as_str().parse().map_err(|_no_number| Failure::not_found())?;
    let day: NaiveDate = query.answer_by.as_str().parse().map_err(|_no_date| Failure::not_found())?;
    let page = ReceivedPage {
        title: call.text("inquiry-received-title"),
        number: number.to_string(),
        promise: said(&call, "inquiry-answer-by", [("day", &format::full_date(call.language, day))]),
        may_be_later: Holidays::published().kind(day) == DayKind::Unknown,
        again: path(host(&call)?),
    };
    call.page("inquiries/received.html", &page)
}
