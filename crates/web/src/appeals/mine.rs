//! `GET` and `POST /my-units/{unit}/appeal`: asking for another reviewer's word, and what came of it.

use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use chrono::NaiveDate;
use db::DbError;
use fulfillment::appeals::{self, AppealInput, MyRefusal};
use fulfillment::reviews::Verdict;
use kernel::{UnitId, date_in_japan};
use serde::Serialize;

use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::forms::{Form, FormView};
use crate::orders::parts;
use crate::shell::Crumb;
use crate::words::outcome_key;

#[derive(Serialize)]
struct AppealPage {
    title: String,
    crumbs: Vec<Crumb>,
    answer: String,
    action: String,
    label: String,
    refused: String,
    comment: String,
    /// Whether it may be asked now.
    is_open: bool,
    /// It was sent back, and not refused.
    is_return: bool,
    asked: Option<Asked>,
    form: FormView,
}

#[derive(Serialize)]
struct Asked {
    text: String,
    when: String,
    /// What came of it, in words; empty until somebody decided.
    outcome: String,
    comment: String,
    /// When it is due again, in words; empty where nothing is to be done again.
    due: String,
}

fn page(call: &Call, (unit, today): (UnitId, NaiveDate), refusal: MyRefusal, form: FormView) -> AppealPage {
    let day = |day| format::full_date(call.language, day);
    let (may_ask, is_return) = (refusal.may_appeal, refusal.against == Verdict::Return);
    let answer = match &refusal.appeal {
        Some(appeal) if appeal.outcome.is_some() => call.text("my-appeal-decided"),
        Some(appeal) => parts::say(call, "my-appeal-waits", &[("day", day(appeal.decide_by))]),
        None if may_ask => parts::say(call, "my-appeal-until", &[("day", day(refusal.appeal_by))]),
        None if refusal.appeal_by >= today => call.text("my-appeal-begun"),
        None => parts::say(call, "my-appeal-over", &[("day", day(refusal.appeal_by))]),
    };
    AppealPage {
        title: call.text("my-appeal-title"),
        crumbs: vec![Crumb::new(call, "nav-units", "/my-units")],
        answer,
        action: format!("/my-units/{unit}/appeal"),
        label: parts::unit_name(call, &refusal.job_title, &refusal.label),
        refused: format::moment(call.language, refusal.refused_at),
        comment: refusal.comment,
        is_open: may_ask,
        is_return,
        asked: refusal.appeal.map(|appeal| Asked {
            text: appeal.text,
            when: format::moment(call.language, appeal.appealed_at),
            outcome: appeal.outcome.map_or_else(String::new, |outcome| {
                call.text(&outcome_key("my-appeal-outcome", refusal.against, outcome))
            }),
            comment: appeal.comment,
            due: appeal
                .due_on
                .map_or_else(String::new, |due| parts::say(call, "my-appeal-due", &[("day", day(due))])),
        }),
        form,
    }
}

async fn render(call: &Call, form: &Form, failure: Option<&Failure>) -> Result<HttpResponse, Failure> {
    let unit: UnitId = call.id("unit")?;
    let (refusal, today) = call
        .db(move |tx| -> Result<_, DbError> { Ok((appeals::mine(tx, unit)?, date_in_japan(tx.now()))) })
        .await?;
    let page = page(call, (unit, today), refusal, form.view(call, failure));
    call.page_with(failure.map_or(StatusCode::OK, Failure::status), "appeals/mine.html", &page)
}

/// `GET /my-units/{unit}/appeal`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    render(&call, &Form::default(), None).await
}

/// `POST /my-units/{unit}/appeal`
pub(crate) async fn appeal(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let unit: UnitId = call.id("unit")?;
    let form = call.form();
    let input: AppealInput = form.input()?;
    match call.db(move |tx| appeals::appeal(tx, unit, &input)).await {
        Ok(_asked) => Ok(call.done(format!("/my-units/{unit}/appeal"), "done-my-appeal-made")),
        Err(failure) if failure.is_about_input() => render(&call, &form, Some(&failure)).await,
        Err(failure) => Err(failure),
    }
}
