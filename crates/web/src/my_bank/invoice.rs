//! `/my-invoice`: whether the worker issues qualified invoices, and what they have said before.

use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use db::DbError;
use kernel::date_in_japan;
use serde::Serialize;
use workforce::invoice_registrations::{
    self, InvoiceRegistration, InvoiceRegistrationInput, RegistrationState,
};

use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::forms::{Form, FormView};
use crate::my_units::not_registered;
use crate::offers::card;
use crate::phrases::{Choice, said, word};
use crate::shell::Crumb;

#[derive(Serialize)]
struct InvoicePage {
    title: String,
    crumbs: Vec<Crumb>,
    answer: String,
    /// The number's check digit does not fit: worth a second look.
    is_odd: bool,
    answers: Vec<AnswerRow>,
    choices: Vec<Choice>,
    form: FormView,
}

#[derive(Serialize)]
struct AnswerRow {
    what: String,
    days: String,
    at: String,
}

fn row(call: &Call, answer: &InvoiceRegistration) -> AnswerRow {
    let day = |day: Option<chrono::NaiveDate>| {
        day.map(|day| format::plain_date(call.language, day)).unwrap_or_default()
    };
    AnswerRow {
        what: answer.number.clone().unwrap_or_else(|| call.text("invoice-state-not-registered")),
        days: match (answer.valid_from, answer.valid_to) {
            (None, _) => String::new(),
            (Some(_), None) => said(call, "invoice-from", [("from", &day(answer.valid_from))]),
            (Some(_), Some(_)) => said(
                call,
                "invoice-from-to",
                [("from", &day(answer.valid_from)), ("to", &day(answer.valid_to))],
            ),
        },
        at: format::full_moment(call.language, answer.recorded_at),
    }
}

async fn page(call: &Call, form: &Form, failure: Option<&Failure>) -> Result<HttpResponse, Failure> {
    let person = call.person()?;
    let (answers, today) = call
        .db(move |tx| -> Result<_, DbError> {
            let worker = card::worker(tx, person)?;
            Ok((invoice_registrations::of_worker(tx, worker.id)?, date_in_japan(tx.now())))
        })
        .await?;
    let state = answers.first().map_or(RegistrationState::Unknown, |latest| latest.state_on(today));
    let page = InvoicePage {
        title: call.text("invoice-title"),
        crumbs: vec![Crumb::new(call, "my-pay-title", "/my-pay")],
        answer: word(call, "invoice-state", state),
        is_odd: answers.first().is_some_and(|latest| !latest.check_digit_fits()),
        answers: answers.iter().map(|answer| row(call, answer)).collect(),
        choices: vec![
            Choice::new("yes", call.text("invoice-yes")),
            Choice::new("no", call.text("invoice-no")),
        ],
        form: form.view(call, failure),
    };
    call.page_with(failure.map_or(StatusCode::OK, Failure::status), "my_bank/invoice.html", &page)
}

/// `GET /my-invoice`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    if let Some(page) = not_registered::page(&call).await? {
        return Ok(page);
    }
    page(&call, &Form::default(), None).await
}

/// `POST /my-invoice`
pub(crate) async fn record(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let person = call.person()?;
    let form = call.form();
    let input: InvoiceRegistrationInput = form.input()?;
    let recorded = call.once(&form, move |tx| -> Result<_, Failure> {
        let worker = card::worker(tx, person)?;
        invoice_registrations::record(tx, worker.id, &input)?;
        Ok("/my-invoice".to_owned())
    });
    match recorded.await {
        Ok(page) => Ok(call.done(page, "done-invoice-recorded")),
        Err(failure) if failure.is_about_input() => page(&call, &form, Some(&failure)).await,
        Err(failure) => Err(failure),
    }
}
