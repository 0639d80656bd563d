//! `GET` and `POST /workers/{id}/ending`: for how long somebody's work has gone on, what they were told, and notice given.

use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use chrono::NaiveDate;
use db::{DbError, Tx};
use fulfillment::endings::continuity::{LONG_MONTHS, Span, earliest_end};
use fulfillment::endings::{self, Ending, EndingException, EndingInput};
use kernel::{WorkerId, date_in_japan};
use serde::Serialize;
use workforce::workers;

use crate::call::Call;
use crate::failure::Failure;
use crate::forms::{Form, FormView};
use crate::orders::parts::{self, Choice};
use crate::paths;
use crate::shell::Crumb;

struct Facts {
    today: NaiveDate,
    name: String,
    span: Option<Span>,
    told: Vec<Ending>,
}

fn facts(tx: &mut Tx<'_>, id: WorkerId, language: kernel::Language) -> Result<Facts, DbError> {
    let person = workers::find(tx, id)?.person_id;
    let names = parts::people(tx, language, [person])?;
    Ok(Facts {
        today: date_in_japan(tx.now()),
        name: names.get(&person).cloned().unwrap_or_default(),
        span: endings::under_way(tx, id)?,
        told: endings::of_worker(tx, id)?,
    })
}

#[derive(Serialize)]
struct EndingPage {
    title: String,
    crumbs: Vec<Crumb>,
    answer: String,
    action: String,
    cancel: String,
    today: String,
    ends_support: String,
    exceptions: Vec<Choice>,
    told: Vec<ToldRow>,
    form: FormView,
}

#[derive(Serialize)]
struct ToldRow {
    title: String,
    noticed: String,
    iso: String,
    exception: String,
    reason: String,
    /// Whether the worker knows the reason, in words.
    known: String,
}

fn told_row(call: &Call, ending: &Ending) -> ToldRow {
    let day = |day| parts::day(call.language, day);
    ToldRow {
        title: parts::say(call, "endings-ends", &[("day", day(ending.ends_on))]),
        noticed: day(ending.noticed_on),
        iso: ending.noticed_on.to_string(),
        exception: ending
            .exception
            .map_or_else(String::new, |why| crate::words::ending_exception(call.language, why)),
        reason: ending.reason.clone(),
        known: call.text(match (ending.tells_reason, ending.asked_at) {
            (true, _) => "endings-reason-told",
            (false, Some(_)) => "endings-reason-asked",
            (false, None) => "endings-reason-kept",
        }),
    }
}

/// How long it has gone on, and what that asks for.
fn answer(call: &Call, facts: &Facts) -> String {
    let Some(span) = facts.span else { return call.text("endings-none-under-way") };
    let key = if span.lasts(LONG_MONTHS, facts.today) { "endings-long" } else { "endings-short" };
    parts::say(call, key, &[("since", parts::day(call.language, span.from))])
}

fn page(call: &Call, id: WorkerId, facts: &Facts, form: &Form, failure: Option<&Failure>) -> EndingPage {
    let here = paths::worker(id);
    let earliest = earliest_end(facts.span.map(|span| span.from), facts.today);
    EndingPage {
        title: call.text("endings-title"),
        crumbs: vec![
            Crumb::new(call, "nav-workers", "/workers"),
            Crumb::named(facts.name.clone(), here.clone()),
        ],
        answer: answer(call, facts),
        action: format!("{here}/ending"),
        cancel: here,
        today: facts.today.to_string(),
        ends_support: parts::say(
            call,
            "endings-ends-on-support",
            &[("day", parts::day(call.language, earliest))],
        ),
        exceptions: Choice::words(call, "endings-exception", EndingException::ALL),
        told: facts.told.iter().map(|ending| told_row(call, ending)).collect(),
        form: form.view(call, failure),
    }
}

async fn render(
    call: &Call,
    id: WorkerId,
    form: &Form,
    failure: Option<&Failure>,
) -> Result<HttpResponse, Failure> {
    let language = call.language;
    let facts = call.db(move |tx| facts(tx, id, language)).await?;
    let status = failure.map_or(StatusCode::OK, Failure::status);
    call.page_with(status, "endings/form.html", &page(call, id, &facts, form, failure))
}

/// `GET /workers/{id}/ending`
pub(crate) async fn form(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: WorkerId = call.id("id")?;
    render(&call, id, &Form::default(), None).await
}

/// `POST /workers/{id}/ending`
pub(crate) async fn give(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: WorkerId = call.id("id")?;
    let form = call.form();
    let input: EndingInput = form.input()?;
    match call.db(move |tx| endings::give_notice(tx, id, input)).await {
        Ok(_ending) => Ok(call.done(format!("{}/ending", paths::worker(id)), "done-endings-told")),
        Err(failure) if failure.is_about_input() => render(&call, id, &form, Some(&failure)).await,
        Err(failure) => Err(failure),
    }
}
