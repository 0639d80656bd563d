//! Closing an order with fewer pieces than were ordered: what will count, what will not be made, and why.

use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use db::{DbError, Tx};
use fulfillment::orders::{self, CloseShortInput, Order, Pieces};
use fulfillment::shares::{self, OrderShare};
use kernel::{OrderId, Yen};
use serde::Serialize;

use super::parts;
use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::forms::{Form, FormView};
use crate::paths;
use crate::shares::bundle::Bundle;
use crate::shell::Crumb;

#[derive(Serialize)]
struct ClosePage {
    title: String,
    crumbs: Vec<Crumb>,
    /// What will happen, in numbers.
    what: String,
    /// What came from partner towns and would not be delivered either.
    bundle: Option<Bundle>,
    action: String,
    back: String,
    form: FormView,
}

struct Facts {
    pieces: Pieces,
    worth: Yen,
    shares: Vec<OrderShare>,
    order: Order,
}

fn facts(tx: &mut Tx<'_>, id: OrderId) -> Result<Facts, DbError> {
    let order = orders::find(tx, id)?;
    Ok(Facts {
        pieces: orders::pieces(tx, id)?,
        worth: orders::accepted_worth(tx, &order)?,
        shares: shares::of_order(tx, id)?,
        order,
    })
}

async fn render(
    call: &Call,
    id: OrderId,
    form: &Form,
    failure: Option<&Failure>,
) -> Result<HttpResponse, Failure> {
    let Facts { pieces, worth, shares, order } = call.db(move |tx| facts(tx, id)).await?;
    let here = paths::order(id);
    let numbers = [
        ("accepted", format::count(pieces.accepted)),
        ("ordered", format::count(pieces.ordered)),
        ("left", format::count((pieces.ordered - pieces.accepted).max(0))),
        ("amount", format::yen(call.language, order.amount)),
        ("share", format::yen(call.language, worth)),
    ];
    let page = ClosePage {
        title: call.text("orders-close-title"),
        crumbs: vec![Crumb::new(call, "nav-orders", "/orders"), Crumb::named(&order.title, &here)],
        what: parts::say(call, "orders-close-what", &numbers),
        bundle: Bundle::of(call, &order, &pieces, &shares),
        action: format!("{here}/close"),
        back: here,
        form: form.view(call, failure),
    };
    call.page_with(failure.map_or(StatusCode::OK, Failure::status), "orders/close.html", &page)
}

/// `GET /orders/{id}/close`
pub(crate) async fn form(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: OrderId = call.id("id")?;
    render(&call, id, &Form::default(), None).await
}

/// `POST /orders/{id}/close`
pub(crate) async fn close(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: OrderId = call.id("id")?;
    let form = call.form();
    let input: CloseShortInput = form.input()?;
    match call.db(move |tx| orders::close_short(tx, id, input)).await {
        Ok(_closed) => Ok(call.done(paths::order(id), "done-orders-closed-short")),
        Err(failure) if failure.is_about_input() => render(&call, id, &form, Some(&failure)).await,
        Err(failure) => Err(failure),
    }
}
