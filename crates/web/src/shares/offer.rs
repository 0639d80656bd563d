//! Sharing a part of an order: which part, with whom, and on what terms.

use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use db::{DbError, Tx};
use fulfillment::orders::{self, Order, OrderLine, Pieces};
use fulfillment::partners::{self, Partner};
use fulfillment::shares::{self, OrderShare, ShareInput};
use kernel::OrderId;
use serde::Serialize;

use super::bundle::OfOrder;
use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::forms::{Form, FormView};
use crate::paths;
use crate::phrases::{self, Choice};
use crate::shell::Crumb;

struct Facts {
    order: Order,
    lines: Vec<OrderLine>,
    pieces: Pieces,
    partners: Vec<Partner>,
    shares: Vec<OrderShare>,
    left: i64,
}

fn facts(tx: &mut Tx<'_>, id: OrderId) -> Result<Facts, DbError> {
    Ok(Facts {
        order: orders::find(tx, id)?,
        lines: orders::lines(tx, id)?,
        pieces: orders::pieces(tx, id)?,
        partners: partners::agreed(tx)?,
        shares: shares::of_order(tx, id)?,
        left: shares::left(tx, id)?,
    })
}

#[derive(Serialize)]
struct OfferPage {
    title: String,
    crumbs: Vec<Crumb>,
    answer: String,
    action: String,
    back: String,
    partners: Vec<Choice>,
    shared: Option<OfOrder>,
    /// Whether nothing is left that could be shared.
    is_all_given: bool,
    form: FormView,
}

/// What the form starts with: the order's own line where it has one, and its day. Not its price: that is
/// between this town and its client.
fn fresh(facts: &Facts) -> Form {
    let form =
        Form::default().preset("title", &facts.order.title).preset("due_on", facts.order.due_on.to_string());
    let form = match facts.partners.as_slice() {
        [only] => form.preset("partner_id", only.id),
        _ => form,
    };
    match facts.lines.as_slice() {
        [line] => form.preset("work", &line.description).preset("unit_minutes", line.unit_minutes),
        _ => form,
    }
}

fn render(
    call: &Call,
    facts: &Facts,
    form: &Form,
    failure: Option<&Failure>,
) -> Result<HttpResponse, Failure> {
    let here = paths::order(facts.order.id);
    let page = OfferPage {
        title: call.text("shares-offer-title"),
        crumbs: vec![Crumb::new(call, "nav-orders", "/orders"), Crumb::named(&facts.order.title, &here)],
        answer: phrases::said(call, "shares-offer-answer", [("left", &format::count(facts.left))]),
        action: format!("{here}/share"),
        back: here,
        partners: facts.partners.iter().map(|partner| Choice::new(partner.id, &partner.name)).collect(),
        shared: OfOrder::of(call, &facts.order, &facts.pieces, &facts.shares),
        is_all_given: facts.left == 0,
        form: form.view(call, failure),
    };
    call.page_with(failure.map_or(StatusCode::OK, Failure::status), "shares/offer.html", &page)
}

/// `GET /orders/{id}/share`
pub(crate) async fn form(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: OrderId = call.id("id")?;
    let facts = call.db(move |tx| facts(tx, id)).await?;
    render(&call, &facts, &fresh(&facts), None)
}

/// `POST /orders/{id}/share`
pub(crate) async fn create(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: OrderId = call.id("id")?;
    let form = call.form();
    let input: ShareInput = form.input()?;
    let offered =
        move |tx: &mut Tx<'_>| shares::offer(tx, id, &input).map(|share| format!("/shares/{}", share.id));
    match call.once(&form, offered).await {
        Ok(page) => Ok(call.done(page, "done-shares-offered")),
        Err(failure) if failure.is_about_input() => {
            let facts = call.db(move |tx| facts(tx, id)).await?;
            render(&call, &facts, &form, Some(&failure))
        }
        Err(failure) => Err(failure),
    }
}
