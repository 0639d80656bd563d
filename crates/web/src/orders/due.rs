//! Moving an order's day, as agreed with its client.

use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use db::{DbError, Tx};
use fulfillment::orders::{self, DueMove, MoveDueInput, Order};
use kernel::{OrderId, date_in_japan};
use serde::Serialize;

use super::parts::{self, When};
use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::forms::{Form, FormView};
use crate::paths;
use crate::shell::Crumb;

#[derive(Serialize)]
struct DuePage {
    title: String,
    crumbs: Vec<Crumb>,
    answer: String,
    today: String,
    action: String,
    back: String,
    moves: Vec<MoveRow>,
    form: FormView,
}

/// One earlier move, in words.
#[derive(Debug, Serialize)]
pub(super) struct MoveRow {
    text: String,
    agreement: String,
    when: When,
}

impl MoveRow {
    pub(super) fn of(call: &Call, moved: &DueMove) -> Self {
        let days = [
            ("from", format::full_date(call.language, moved.from_day)),
            ("to", format::full_date(call.language, moved.to_day)),
        ];
        Self {
            text: parts::say(call, "orders-due-moved", &days),
            agreement: moved.agreement.clone(),
            when: When::of(call.language, moved.moved_at),
        }
    }
}

fn facts(tx: &mut Tx<'_>, id: OrderId) -> Result<(Order, Vec<DueMove>, String), DbError> {
    let today = date_in_japan(tx.now()).to_string();
    Ok((orders::find(tx, id)?, orders::due_moves(tx, id)?, today))
}

async fn render(
    call: &Call,
    id: OrderId,
    form: &Form,
    failure: Option<&Failure>,
) -> Result<HttpResponse, Failure> {
    let (order, moves, today) = call.db(move |tx| facts(tx, id)).await?;
    let here = paths::order(id);
    let page = DuePage {
        title: call.text("orders-due-move"),
        crumbs: vec![Crumb::new(call, "nav-orders", "/orders"), Crumb::named(&order.title, &here)],
        answer: parts::say(
            call,
            "orders-due-now",
            &[("day", format::full_date(call.language, order.due_on))],
        ),
        today,
        action: format!("{here}/due"),
        back: here,
        moves: moves.iter().map(|moved| MoveRow::of(call, moved)).collect(),
        form: form.view(call, failure),
    };
    call.page_with(failure.map_or(StatusCode::OK, Failure::status), "orders/due.html", &page)
}

/// `GET /orders/{id}/due`
pub(crate) async fn form(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: OrderId = call.id("id")?;
    render(&call, id, &Form::default(), None).await
}

/// `POST /orders/{id}/due`
pub(crate) async fn change(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: OrderId = call.id("id")?;
    let form = call.form();
    let input: MoveDueInput = form.input()?;
    match call.db(move |tx| orders::move_due(tx, id, input)).await {
        Ok(_moved) => Ok(call.done(paths::order(id), "done-orders-due-moved")),
        Err(failure) if failure.is_about_input() => render(&call, id, &form, Some(&failure)).await,
        Err(failure) => Err(failure),
    }
}
