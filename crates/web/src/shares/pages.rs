//! `/shares`: what is shared with other towns, one share, and what is answered to it.

use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use chrono::NaiveDate;
use db::{DbError, Tx};
use fulfillment::invoices::{self, Invoice};
use fulfillment::orders::{self, Order, Pieces};
use fulfillment::shares::{
    self, DeclineShareInput, OrderShare, ShareId, ShareKey, ShareSide, ShareState, WholeShare,
};
use kernel::{Paging, Typed, Yen, date_in_japan};
use serde::{Deserialize, Serialize};

use super::bundle::Bundle;
use super::money::{MoneyIn, MoneyOut};
use super::taking;
use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::forms::{Form, FormView};
use crate::orders::parts::{self, Tab, When};
use crate::paths;
use crate::phrases;
use crate::shell::Crumb;

const HERE: &str = "/shares";

/// How many a page shows.
const ROWS: u16 = 50;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct SharesQuery {
    side: Typed,
    after: Typed,
}

#[derive(Serialize)]
struct ListPage {
    title: String,
    crumbs: Vec<Crumb>,
    answer: String,
    tabs: Vec<Tab>,
    side: ShareSide,
    rows: Vec<ShareRow>,
    next: String,
    first: String,
}

/// A share as a list shows it.
#[derive(Serialize)]
pub(crate) struct ShareRow {
    id: String,
    href: String,
    title: String,
    partner: String,
    amount: String,
    progress: String,
    /// Whether it says how much of it came: of what was accepted.
    is_under_way: bool,
    /// What is left to be paid for it; empty where nothing is.
    open: String,
    state: ShareState,
    heard: When,
}

impl ShareRow {
    pub(crate) fn of(call: &Call, share: &OrderShare) -> Self {
        Self {
            id: format!("share-{}", share.id),
            href: path(share.id),
            title: share.document.title.clone(),
            partner: share.partner.clone(),
            amount: format::yen(call.language, share.document.amount()),
            progress: progress(call, share),
            is_under_way: is_under_way(share),
            open: open(call, share),
            state: share.state,
            heard: When::of(call.language, share.heard_at),
        }
    }
}

pub(super) fn path(id: ShareId) -> String {
    format!("{HERE}/{id}")
}

fn is_under_way(share: &OrderShare) -> bool {
    matches!(share.state, ShareState::Accepted | ShareState::Finished | ShareState::Cancelled)
}

fn open(call: &Call, share: &OrderShare) -> String {
    match share.open() {
        rest if rest > Yen::ZERO => {
            phrases::said(call, "shares-open", [("amount", &format::yen(call.language, rest))])
        }
        _ => String::new(),
    }
}

fn progress(call: &Call, share: &OrderShare) -> String {
    let count = |pieces: i32| format::count(i64::from(pieces));
    let words = [
        ("delivered", count(share.delivered)),
        ("accepted", count(share.accepted)),
        ("quantity", count(share.document.quantity)),
    ];
    parts::say(call, "shares-progress", &words)
}

/// `GET /shares`
pub(crate) async fn index(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let query: SharesQuery = call.query();
    let side = parts::word_of(&query.side).unwrap_or(ShareSide::In);
    let after = format::read_page_key::<ShareKey>(query.after.as_str());
    let paging = Paging { after, ..Paging::first(ROWS) };
    let facts = call.db(move |tx| -> Result<_, DbError> {
        let waiting = if side == ShareSide::In { shares::count_waiting(tx)? } else { 0 };
        Ok((shares::list(tx, side, &paging)?, waiting))
    });
    let (listed, waiting) = facts.await?;
    let here = |key: &str| phrases::address(HERE, &[("side", side.as_str()), ("after", key)]);
    let tab = |one: &ShareSide| Tab {
        label: phrases::word(&call, "shares-side", one),
        href: phrases::address(HERE, &[("side", one.as_str())]),
        current: *one == side,
    };
    let page = ListPage {
        title: call.text("shares-title"),
        crumbs: vec![Crumb::new(&call, "nav-orders", "/orders")],
        answer: match waiting {
            0 => String::new(),
            count => parts::say_count(&call, "shares-answer", count),
        },
        tabs: [ShareSide::In, ShareSide::Out].iter().map(tab).collect(),
        side,
        rows: listed.items.iter().map(|share| ShareRow::of(&call, share)).collect(),
        next: listed.next.as_ref().map(|key| here(&format::page_key(key))).unwrap_or_default(),
        first: if after.is_some() { here("") } else { String::new() },
    };
    call.page("shares/index.html", &page)
}

#[derive(Serialize)]
struct SharePage {
    title: String,
    crumbs: Vec<Crumb>,
    state: ShareState,
    side: ShareSide,
    answer: String,
    partner: String,
    work: String,
    quantity: String,
    unit_price: String,
    unit_minutes: String,
    amount: String,
    due: String,
    orderer: String,
    pays: String,
    end_client: String,
    message: String,
    reason: String,
    delivered: i32,
    total: i32,
    progress: String,
    is_under_way: bool,
    /// What is to be done with what came.
    bundle: Option<Bundle>,
    /// What goes to the partner for it.
    money_out: Option<MoneyOut>,
    /// By which invoices the sharing town is asked for what was done.
    money_in: Vec<MoneyIn>,
    heard: When,
    /// This town's own order, and the deal while that is being opened; empty where there is none.
    order: String,
    deal: String,
    /// Where it is answered and asked back; empty where that is not to be done.
    accept: String,
    decline: String,
    withdraw: String,
    form: FormView,
}

/// What the reader came for: who acts next, or what came of it.
fn answer(call: &Call, share: &OrderShare) -> String {
    if share.withdraw_asked_at.is_some() && share.state == ShareState::Offered {
        return phrases::said(call, "shares-say-asked-back", [("partner", &share.partner)]);
    }
    let key = match (share.side, share.state) {
        (ShareSide::In, ShareState::Offered) => "shares-say-in-offered",
        (ShareSide::Out, ShareState::Offered) => "shares-say-out-offered",
        (ShareSide::In, ShareState::Accepted) => "shares-say-in-accepted",
        (ShareSide::Out, ShareState::Accepted) => "shares-say-out-accepted",
        (_, ShareState::Declined) => "shares-say-declined",
        (_, ShareState::Withdrawn) => "shares-say-withdrawn",
        (_, ShareState::Finished) => "shares-say-finished",
        (_, ShareState::Cancelled) => "shares-say-cancelled",
    };
    phrases::said(call, key, [("partner", &share.partner)])
}

/// A share, of which order of this town it is a part, where it is one, and the invoices for what it became.
struct Facts {
    whole: WholeShare,
    part_of: Option<(Order, Pieces)>,
    invoices: Vec<Invoice>,
    today: NaiveDate,
}

fn facts(tx: &mut Tx<'_>, id: ShareId) -> Result<Facts, DbError> {
    let whole = shares::whole(tx, id)?;
    let (mut part_of, mut invoices) = (None, Vec::new());
    match (whole.share.side, whole.share.order_id) {
        (ShareSide::Out, Some(order)) => {
            part_of = Some((orders::find(tx, order)?, orders::pieces(tx, order)?));
        }
        (ShareSide::In, Some(order)) => invoices = invoices::of_order(tx, order)?,
        (_, None) => {}
    }
    Ok(Facts { whole, part_of, invoices, today: date_in_japan(tx.now()) })
}

fn page(call: &Call, facts: &Facts, form: &Form, failure: Option<&Failure>) -> SharePage {
    let share = &facts.whole.share;
    let (language, document) = (call.language, &share.document);
    let here = path(share.id);
    let may = |step: &str, is_open: bool| if is_open { format!("{here}/{step}") } else { String::new() };
    SharePage {
        title: document.title.clone(),
        crumbs: vec![
            Crumb::new(call, "nav-orders", "/orders"),
            Crumb::new(call, "shares-title", phrases::address(HERE, &[("side", share.side.as_str())])),
        ],
        state: share.state,
        side: share.side,
        answer: answer(call, share),
        partner: share.partner.clone(),
        work: document.work.clone(),
        quantity: format::count(i64::from(document.quantity)),
        unit_price: format::yen(language, document.unit_price),
        unit_minutes: format::duration(language, i64::from(document.unit_minutes)),
        amount: format::yen(language, document.amount()),
        due: format::full_date(language, document.due_on),
        orderer: document.orderer.clone(),
        pays: format::full_date(language, document.pay_on),
        end_client: document.end_client.clone(),
        message: document.message.clone(),
        reason: share.reason.clone(),
        delivered: share.delivered.min(document.quantity),
        total: document.quantity,
        progress: progress(call, share),
        is_under_way: is_under_way(share),
        bundle: (facts.part_of.as_ref())
            .and_then(|(order, pieces)| Bundle::of(call, order, pieces, std::slice::from_ref(share))),
        money_out: MoneyOut::of(call, &facts.whole),
        money_in: facts.invoices.iter().map(|invoice| MoneyIn::of(call, invoice, facts.today)).collect(),
        heard: When::of(language, share.heard_at),
        order: share.order_id.map(paths::order).unwrap_or_default(),
        deal: match (share.order_id, share.deal_id) {
            (None, Some(deal)) => paths::deal(deal),
            _ => String::new(),
        },
        accept: may("accept", share.awaits_us()),
        decline: may("decline", share.awaits_us()),
        withdraw: may("withdraw", share.may_be_withdrawn()),
        form: form.view(call, failure),
    }
}

pub(super) async fn render(
    call: &Call,
    id: ShareId,
    form: &Form,
    failure: Option<&Failure>,
) -> Result<HttpResponse, Failure> {
    let facts = call.db(move |tx| facts(tx, id)).await?;
    let status = failure.map_or(StatusCode::OK, Failure::status);
    call.page_with(status, "shares/show.html", &page(call, &facts, form, failure))
}

/// `GET /shares/{id}`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    render(&call, call.id("id")?, &Form::default(), None).await
}

/// The share's page with what became of a step on it, or with why that was refused.
async fn stepped(
    call: &Call,
    id: ShareId,
    form: &Form,
    done: &'static str,
    outcome: Result<OrderShare, Failure>,
) -> Result<HttpResponse, Failure> {
    match outcome {
        Ok(_share) => Ok(call.done(path(id), done)),
        Err(failure) if parts::stays(&failure) => render(call, id, form, Some(&failure)).await,
        Err(failure) => Err(failure),
    }
}

/// `POST /shares/{id}/accept`
pub(crate) async fn accept(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: ShareId = call.id("id")?;
    let outcome = call.db(move |tx| taking::take(tx, id)).await;
    stepped(&call, id, &Form::default(), "done-shares-accepted", outcome).await
}

/// `POST /shares/{id}/decline`
pub(crate) async fn decline(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: ShareId = call.id("id")?;
    let form = call.form();
    let input: DeclineShareInput = form.input()?;
    let outcome = call.db(move |tx| shares::decline(tx, id, &input)).await;
    stepped(&call, id, &form, "done-shares-declined", outcome).await
}

/// `POST /shares/{id}/withdraw`
pub(crate) async fn withdraw(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: ShareId = call.id("id")?;
    let outcome = call.db(move |tx| shares::withdraw(tx, id)).await;
    stepped(&call, id, &Form::default(), "done-shares-asked-back", outcome).await
}
