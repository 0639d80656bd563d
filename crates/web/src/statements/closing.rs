//! `/statements/closing`: what waits to be closed, month by month, and closing it.

use std::collections::HashMap;
use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use chrono::{DateTime, NaiveDate, Utc};
use db::{DbError, Tx};
use fulfillment::statements::{self, CloseInput, Closing, UndecidedJob, Waiting, last_month_end};
use kernel::{Language, PersonId, Yen, date_in_japan};
use serde::Serialize;

use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::forms::{Form, FormView};
use crate::orders::parts;
use crate::phrases::said;
use crate::shell::Crumb;

#[derive(Serialize)]
struct ClosingPage {
    title: String,
    crumbs: Vec<Crumb>,
    answer: String,
    months: Vec<Month>,
    undecided: Vec<Job>,
    form: FormView,
    closings: Vec<Run>,
}

#[derive(Serialize)]
struct Month {
    month: String,
    people: String,
    amount: String,
    due: format::Due,
    day: String,
}

#[derive(Serialize)]
struct Job {
    title: String,
    href: String,
}

#[derive(Serialize)]
struct Run {
    day: String,
    statements: String,
    amount: String,
    /// What was left for a later closing; empty where nothing.
    left: String,
    by: String,
    at: String,
}

struct Facts {
    waiting: Vec<Waiting>,
    undecided: Vec<UndecidedJob>,
    closings: Vec<Closing>,
    people: HashMap<PersonId, String>,
    now: DateTime<Utc>,
}

fn facts(tx: &mut Tx<'_>, language: Language) -> Result<Facts, DbError> {
    let now = tx.now();
    let closings = statements::closings(tx)?;
    Ok(Facts {
        waiting: statements::waiting(tx)?,
        undecided: statements::undecided_jobs(tx, date_in_japan(now))?,
        people: parts::people(tx, language, closings.iter().map(|one| one.closed_by))?,
        closings,
        now,
    })
}

async fn render(
    call: &Call,
    form: Option<&Form>,
    failure: Option<&Failure>,
) -> Result<HttpResponse, Failure> {
    let language = call.language;
    let facts = call.db(move |tx| facts(tx, language)).await?;
    let today = date_in_japan(facts.now);
    let fresh = match day_to_close(&facts.waiting, today) {
        Some(day) => Form::default().preset("closed_on", day),
        None => Form::default(),
    };
    let month = |one: &Waiting| Month {
        month: said(call, "pay-closing-month", [("day", &format::full_date(language, one.month_end))]),
        people: format::count(one.people),
        amount: format::yen(language, one.amount),
        due: format::due(language, facts.now, one.first_pay_on),
        day: if one.month_end <= today { one.month_end.to_string() } else { String::new() },
    };
    let run = |one: &Closing| Run {
        day: format::full_date(language, one.closed_on),
        statements: format::count(one.statements.into()),
        amount: format::yen(language, one.amount),
        left: if one.left_jobs > 0 { left(call, one) } else { String::new() },
        by: facts.people.get(&one.closed_by).cloned().unwrap_or_default(),
        at: format::moment(language, one.closed_at),
    };
    let page = ClosingPage {
        title: call.text("pay-closing-title"),
        crumbs: vec![Crumb::new(call, "statements-title", "/statements")],
        answer: answer(call, &facts.waiting),
        months: facts.waiting.iter().map(month).collect(),
        undecided: facts
            .undecided
            .iter()
            .map(|job| Job { title: job.title.clone(), href: format!("/jobs/{}/withholding", job.id) })
            .collect(),
        form: form.unwrap_or(&fresh).view(call, failure),
        closings: facts.closings.iter().map(run).collect(),
    };
    call.page_with(failure.map_or(StatusCode::OK, Failure::status), "statements/closing.html", &page)
}

/// The day that closing is usually for: the end of the last month as long as something until then waits, and else today, where
/// something of this month does.
fn day_to_close(waiting: &[Waiting], today: NaiveDate) -> Option<NaiveDate> {
    let earliest = waiting.iter().map(|one| one.month_end).min()?;
    let month_end = last_month_end(today);
    Some(if earliest <= month_end { month_end } else { today })
}

fn answer(call: &Call, waiting: &[Waiting]) -> String {
    if waiting.is_empty() {
        return call.text("pay-closing-answer-none");
    }
    let amount = format::yen(call.language, waiting.iter().map(|one| one.amount).sum::<Yen>());
    said(call, "pay-closing-answer", [("amount", &amount)])
}

fn left(call: &Call, closing: &Closing) -> String {
    let words = [
        ("jobs", format::count(closing.left_jobs.into())),
        ("amount", format::yen(call.language, closing.left_amount)),
    ];
    said(call, "pay-closing-left", words.each_ref().map(|(key, text)| (*key, text.as_str())))
}

/// `GET /statements/closing`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    render(&call, None, None).await
}

/// `POST /statements/closing`
pub(crate) async fn close(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let form = call.form();
    let input: CloseInput = form.input()?;
    match call.db(move |tx| statements::close(tx, &input)).await {
        Ok(closed) if closed.left_jobs > 0 => {
            Ok(call.done("/statements/closing", "done-statements-closed-but"))
        }
        Ok(_closed) => Ok(call.done("/statements", "done-statements-closed")),
        Err(failure) if parts::stays(&failure) => render(&call, Some(&form), Some(&failure)).await,
        Err(failure) => Err(failure),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_with_nothing_open_is_not_offered() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let waits = |month_end: &str| Waiting {
            month_end: day(month_end),
            people: 1,
            amount: Yen(400),
            first_pay_on: day("2026-12-25"),
        };
        let today = day("2026-11-28");
        assert_eq!(day_to_close(&[], today), None);
        assert_eq!(day_to_close(&[waits("2026-11-30")], today), Some(today));
        assert_eq!(day_to_close(&[waits("2026-11-30"), waits("2026-09-30")], today), Some(day("2026-10-31")));
    }
}
