//! Winning a deal, losing it, and taking it up again: each a page that says what will happen.

use std::rc::Rc;

use actix_web::HttpResponse;
use chrono::NaiveDate;
use clients::companies;
use db::DbError;
use fulfillment::orders::{self, Order, OrderState};
use kernel::{Code, DealId, FieldProblem, Typed, date_in_japan};
use sales::deals::{self, Deal, DealEventKind, DealStatus, LoseInput, LostReason, ReopenInput, WinInput};
use sales::quotes::{self, Quote};
use serde::Serialize;

use super::{already, crumbs_below, missing_words, step};
use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::forms::{Form, FormView};
use crate::paths;
use crate::phrases::{self, Choice};
use crate::quotes::Document;
use crate::reopening;
use crate::shell::Crumb;

#[derive(Serialize)]
struct ClosingPage {
    title: String,
    crumbs: Vec<Crumb>,
    deal: String,
    company: String,
    version: i32,
    action: String,
    cancel: String,
    edit: String,
    new_quote: String,
    /// The quote that stands; winning needs one.
    quote: Option<Document>,
    /// The last day of a quote that has expired, in words; empty while it holds.
    expired: String,
    /// The day it promises, where that has passed: then winning needs another.
    late_since: String,
    /// What the won stage asks for and the deal has not.
    missing: String,
    reasons: Vec<Choice>,
    /// The deal is won: opening it again takes its order back, for a reason.
    is_won: bool,
    /// Its order's page; empty where it has none yet.
    order: String,
    /// Somebody has begun the order, or it is over: then the deal stays won.
    is_begun: bool,
    form: FormView,
}

struct Facts {
    deal: Deal,
    company: String,
    quote: Option<Quote>,
    order: Option<Order>,
    today: NaiveDate,
}

async fn facts(call: &Call, id: DealId) -> Result<Facts, Failure> {
    call.db(move |tx| -> Result<_, DbError> {
        let deal = deals::find(tx, id)?;
        let company = companies::find(tx, deal.company_id)?.name;
        let quote = quotes::standing(tx, id)?;
        let order = orders::of_deal(tx, id)?;
        Ok(Facts { deal, company, quote, order, today: date_in_japan(tx.now()) })
    })
    .await
}

/// The page of `verb` (`win`, `lose`, `reopen`).
fn page(call: &Call, verb: &str, facts: &Facts, form: &Form, failure: Option<&Failure>) -> ClosingPage {
    let Facts { deal, company, quote, order, today } = facts;
    let missing = failure.filter(|failure| failure.code == Code::StageRequirement);
    ClosingPage {
        title: call.text(&format!("deal-{verb}-title")),
        crumbs: crumbs_below(call, deal.id, &deal.title),
        deal: deal.title.clone(),
        company: company.clone(),
        version: deal.version,
        action: step(deal.id, verb),
        cancel: paths::deal(deal.id),
        edit: step(deal.id, "edit"),
        new_quote: step(deal.id, "quotes/new"),
        quote: quote.as_ref().map(|quote| Document::of(call, quote)),
        expired: match quote {
            Some(quote) if quote.valid_until < *today => format::full_date(call.language, quote.valid_until),
            _ => String::new(),
        },
        late_since: quote
            .as_ref()
            .filter(|quote| quote.deliver_on < *today)
            .map(|quote| format::short_date(call.language, quote.deliver_on))
            .unwrap_or_default(),
        missing: missing.map(|failure| missing_words(call, &failure.fields)).unwrap_or_default(),
        reasons: phrases::choices(call, "deal-lost-reason", LostReason::ALL),
        is_won: deal.state.status() == DealStatus::Won,
        order: order.as_ref().map(|order| paths::order(order.id)).unwrap_or_default(),
        is_begun: order.as_ref().is_some_and(|order| order.state != OrderState::Draft),
        form: form.view(call, failure),
    }
}

/// The form of `verb`, or the deal itself where it is not in a state for it.
async fn ask(call: &Call, way: &Way) -> Result<HttpResponse, Failure> {
    let id: DealId = call.id("id")?;
    let facts = facts(call, id).await?;
    if !(way.fits)(facts.deal.state.status()) {
        let settled = already::step(call, id, way.leaves).await?;
        return Ok(settled.unwrap_or_else(|| call.see_other(paths::deal(id))));
    }
    call.page(&format!("deals/{}.html", way.verb), &page(call, way.verb, &facts, &Form::default(), None))
}

/// The form of `verb` again. Where the deal left the state for it, the deal itself tells so.
async fn again(
    call: &Call,
    Way { verb, leaves, .. }: &Way,
    form: &Form,
    version: i32,
    failure: Failure,
) -> Result<HttpResponse, Failure> {
    if !failure.is_about_input() {
        return Err(failure);
    }
    let id: DealId = call.id("id")?;
    if matches!(failure.code, Code::DealNotOpen | Code::Conflict | Code::Stale)
        && let Some(settled) = already::step(call, id, *leaves).await?
    {
        return Ok(settled);
    }
    if matches!(failure.code, Code::DealNotOpen | Code::Conflict) {
        return super::show::show_again(call, id, &Form::default(), &failure).await;
    }
    let mut facts = facts(call, id).await?;
    if failure.code != Code::Stale {
        facts.deal.version = version;
    }
    let page = page(call, verb, &facts, form, Some(&failure));
    call.page_with(phrases::again(&failure), &format!("deals/{verb}.html"), &page)
}

/// One of the three steps.
struct Way {
    verb: &'static str,
    /// Whether a deal in this state can take it.
    fits: fn(DealStatus) -> bool,
    /// What it leaves in the deal's history.
    leaves: DealEventKind,
}

const WIN: Way = Way { verb: "win", fits: is_open, leaves: DealEventKind::Won };
const LOSE: Way = Way { verb: "lose", fits: is_open, leaves: DealEventKind::Lost };
const REOPEN: Way = Way { verb: "reopen", fits: is_closed, leaves: DealEventKind::Reopened };

fn is_open(state: DealStatus) -> bool {
    state == DealStatus::Open
}

fn is_closed(state: DealStatus) -> bool {
    matches!(state, DealStatus::Lost | DealStatus::Dormant | DealStatus::Won)
}

/// `GET /deals/{id}/win`
pub(crate) async fn win_form(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    ask(&call, &WIN).await
}

/// `POST /deals/{id}/win`
pub(crate) async fn win(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: DealId = call.id("id")?;
    let form = call.form();
    let (input, version) = (form.input::<WinInput>()?, form.version()?);
    let deliver_on = Typed::from(form.get("deliver_on"));
    let won = call.db(move |tx| -> Result<Deal, Failure> {
        let version = quotes::promise_anew(tx, id, version, &deliver_on, &input)?;
        Ok(deals::win(tx, id, version, input)?)
    });
    match won.await {
        Ok(deal) => Ok(call.done(paths::deal(deal.id), "done-deal-won")),
        Err(mut failure) => {
            if failure.code == Code::QuoteExpired {
                failure.fields.push(FieldProblem::new("confirm_expired", Code::QuoteExpired));
            }
            again(&call, &WIN, &form, version, failure).await
        }
    }
}

/// `GET /deals/{id}/lose`
pub(crate) async fn lose_form(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    ask(&call, &LOSE).await
}

/// `POST /deals/{id}/lose`
pub(crate) async fn lose(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: DealId = call.id("id")?;
    let form = call.form();
    let (input, version) = (form.input::<LoseInput>()?, form.version()?);
    match call.db(move |tx| deals::lose(tx, id, version, input)).await {
        Ok(deal) => Ok(call.done(paths::deal(deal.id), "done-deal-lost")),
        Err(failure) => again(&call, &LOSE, &form, version, failure).await,
    }
}

/// `GET /deals/{id}/reopen`
pub(crate) async fn reopen_form(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    ask(&call, &REOPEN).await
}

/// `POST /deals/{id}/reopen`
pub(crate) async fn reopen(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: DealId = call.id("id")?;
    let form = call.form();
    let (input, version) = (form.input::<ReopenInput>()?, form.version()?);
    match call.db(move |tx| reopening::reopen(tx, id, version, input)).await {
        Ok(deal) => Ok(call.done(paths::deal(deal.id), "done-deal-reopened")),
        Err(failure) => again(&call, &REOPEN, &form, version, failure).await,
    }
}
