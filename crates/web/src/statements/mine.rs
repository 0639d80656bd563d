//! `/my-statements`: a worker's own statements, and saying that one is right or what is not.

use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use db::DbError;
use fulfillment::deductions::{self, Deduction};
use fulfillment::statements::{
    self, AnswerInput, Statement, StatementAnswer, StatementId, StatementKey, StatementState, UndonePayment,
};
use kernel::Paging;
use serde::Serialize;

use super::deductions::grounds;
use super::sheet::Sheet;
use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::forms::{Form, FormView, PageQuery};
use crate::orders::parts;
use crate::phrases::{address, said};
use crate::shell::Crumb;

/// How many a page shows.
const ROWS: u16 = 24;

#[derive(Serialize)]
struct ListPage {
    title: String,
    crumbs: Vec<Crumb>,
    answer: String,
    rows: Vec<Row>,
    next: String,
    first: String,
}

#[derive(Serialize)]
struct Row {
    id: String,
    day: String,
    href: String,
    state: &'static str,
    payable: String,
}

/// `GET /my-statements`
pub(crate) async fn index(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let after = format::read_page_key::<StatementKey>(call.query::<PageQuery>().after.as_str());
    let paging = Paging { after, ..Paging::first(ROWS) };
    let (list, waiting) = call
        .db(move |tx| -> Result<_, DbError> {
            Ok((statements::my_list(tx, &paging)?, statements::to_confirm(tx)?))
        })
        .await?;
    let here = |key: &str| address("/my-statements", &[("after", key)]);
    let row = |one: &Statement| Row {
        id: format!("statement-{}", one.id),
        day: format::full_date(call.language, one.pay_on),
        href: format!("/my-statements/{}", one.id),
        state: one.state().as_str(),
        payable: format::yen(call.language, one.payable),
    };
    let page = ListPage {
        title: call.text("my-statements-title"),
        crumbs: vec![Crumb::new(&call, "my-pay-title", "/my-pay")],
        answer: match waiting {
            0 => call.text("my-statements-answer-none"),
            count => parts::say_count(&call, "my-statements-answer", count),
        },
        rows: list.items.iter().map(row).collect(),
        next: list.next.as_ref().map(|key| here(&format::page_key(key))).unwrap_or_default(),
        first: if after.is_some() { here("") } else { String::new() },
    };
    call.page("statements/my_list.html", &page)
}

#[derive(Serialize)]
struct OnePage {
    title: String,
    crumbs: Vec<Crumb>,
    answer: String,
    action: String,
    state: &'static str,
    version: i32,
    /// Whether it waits for their word.
    is_open: bool,
    /// Whether they may still say that something is wrong.
    may_object: bool,
    objection: String,
    answered: String,
    paid: String,
    /// What was wrong with each payment that was noted by mistake.
    undone: Vec<Undone>,
    /// What was taken off, with its grounds.
    deductions: Vec<TakenOff>,
    sheet: Sheet,
    form: FormView,
}

#[derive(Serialize)]
struct TakenOff {
    amount: String,
    reason: String,
    grounds: String,
}

#[derive(Serialize)]
struct Undone {
    said: String,
    reason: String,
}

async fn render(
    call: &Call,
    id: StatementId,
    form: &Form,
    failure: Option<&Failure>,
) -> Result<HttpResponse, Failure> {
    let (statement, paper, undone, taken_off) = call
        .db(move |tx| -> Result<_, DbError> {
            let statement = statements::mine(tx, id)?;
            let (paper, undone) = (statements::paper(tx, id, None)?, statements::undone_payments(tx, id)?);
            Ok((statement, paper, undone, deductions::of_statement(tx, id)?))
        })
        .await?;
    let language = call.language;
    let taken = |one: &Deduction| TakenOff {
        amount: format::yen(language, one.amount),
        reason: one.reason.clone(),
        grounds: grounds(call, one),
    };
    let said_undone = |one: &UndonePayment| Undone {
        said: said(call, "my-statement-undone", [("day", &format::full_date(language, one.paid_on))]),
        reason: one.reason.clone(),
    };
    let (day, amount) =
        (format::full_date(language, statement.pay_on), format::yen(language, statement.payable));
    let key = if statement.state() == StatementState::Paid {
        "my-statement-answer-paid"
    } else {
        "my-statement-answer"
    };
    let page = OnePage {
        title: call.text("my-statement-title"),
        crumbs: vec![
            Crumb::new(call, "my-pay-title", "/my-pay"),
            Crumb::new(call, "my-statements-title", "/my-statements"),
        ],
        answer: said(call, key, [("day", &day), ("amount", &amount)]),
        action: format!("/my-statements/{id}/answer"),
        state: statement.state().as_str(),
        version: statement.version,
        is_open: statement.answer != Some(StatementAnswer::Confirmed),
        may_object: statement.paid_on.is_none(),
        objection: statement.objection.clone(),
        answered: statement.answered_at.map_or_else(String::new, |at| format::moment(language, at)),
        paid: statement.paid_on.map_or_else(String::new, |day| format::full_date(language, day)),
        undone: undone.iter().map(said_undone).collect(),
        deductions: taken_off.iter().filter(|one| one.is_approved == Some(true)).map(taken).collect(),
        sheet: Sheet::of(call, &statement, &paper),
        form: form.view(call, failure),
    };
    call.page_with(failure.map_or(StatusCode::OK, Failure::status), "statements/mine.html", &page)
}

/// `GET /my-statements/{id}`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    render(&call, call.id("id")?, &Form::default(), None).await
}

/// `POST /my-statements/{id}/answer`
pub(crate) async fn answer(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: StatementId = call.id("id")?;
    let form = call.form();
    let mut input: AnswerInput = form.input()?;
    input.version = form.get("version").into();
    match call.db(move |tx| statements::answer(tx, id, &input)).await {
        Ok(said) => {
            let done = match said.answer {
                Some(StatementAnswer::Objected) => "done-my-statement-objected",
                _ => "done-my-statement-confirmed",
            };
            Ok(call.done(format!("/my-statements/{id}"), done))
        }
        Err(failure) if parts::stays(&failure) => render(&call, id, &form, Some(&failure)).await,
        Err(failure) => Err(failure),
    }
}
