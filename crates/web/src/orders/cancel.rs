//! Calling an order or a unit off: who caused it, what is owed for work under way, and why.

use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use db::DbError;
use fulfillment::orders;
use fulfillment::units::{CancelFault, CancelInput};
use kernel::OrderId;
use serde::Serialize;

use super::parts::Choice;
use crate::call::Call;
use crate::failure::Failure;
use crate::forms::{Form, FormView};
use crate::paths;
use crate::shell::Crumb;

/// The form of a cancellation, for `orders/cancel.html`.
#[derive(Serialize)]
pub(crate) struct CancelPage {
    title: String,
    crumbs: Vec<Crumb>,
    what: String,
    action: String,
    back: String,
    /// Nothing where nobody holds or made what is called off: then nothing is owed and nobody is told.
    faults: Vec<Choice>,
    is_nobodys: bool,
    form: FormView,
}

/// What is called off: its page, the texts of title and explanation, its name and the way to it.
pub(crate) struct Cancelled {
    pub(crate) page: String,
    pub(crate) title: &'static str,
    pub(crate) what: &'static str,
    /// Whether nobody holds or made any of it.
    pub(crate) is_nobodys: bool,
    pub(crate) crumbs: Vec<Crumb>,
}

impl CancelPage {
    /// The form, empty or as it was refused.
    pub(crate) fn answer(
        call: &Call,
        cancelled: Cancelled,
        form: &Form,
        failure: Option<&Failure>,
    ) -> Result<HttpResponse, Failure> {
        let page = Self {
            title: call.text(cancelled.title),
            crumbs: cancelled.crumbs,
            what: call.text(cancelled.what),
            action: format!("{}/cancel", cancelled.page),
            back: cancelled.page,
            is_nobodys: cancelled.is_nobodys,
            faults: Choice::words(call, "orders-fault", CancelFault::ALL),
            form: form.view(call, failure),
        };
        call.page_with(failure.map_or(StatusCode::OK, Failure::status), "orders/cancel.html", &page)
    }
}

async fn order_form(
    call: &Call,
    id: OrderId,
    form: &Form,
    failure: Option<&Failure>,
) -> Result<HttpResponse, Failure> {
    let (order, is_nobodys) = call
        .db(move |tx| -> Result<_, DbError> {
            Ok((orders::find(tx, id)?, orders::progress(tx, id)?.arranged() == 0))
        })
        .await?;
    let cancelled = Cancelled {
        page: paths::order(id),
        title: "orders-cancel-title",
        what: if is_nobodys { "orders-cancel-what-nobodys" } else { "orders-cancel-what" },
        is_nobodys,
        crumbs: vec![Crumb::new(call, "nav-orders", "/orders"), Crumb::named(order.title, paths::order(id))],
    };
    CancelPage::answer(call, cancelled, form, failure)
}

/// `GET /orders/{id}/cancel`
pub(crate) async fn form(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: OrderId = call.id("id")?;
    order_form(&call, id, &Form::default().preset("compensation_percent", 100), None).await
}

/// `POST /orders/{id}/cancel`
pub(crate) async fn cancel(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: OrderId = call.id("id")?;
    let form = call.form();
    let input: CancelInput = form.input()?;
    match call.db(move |tx| orders::cancel(tx, id, input)).await {
        Ok(_cancelled) => Ok(call.done(paths::order(id), "done-orders-cancelled")),
        Err(failure) if failure.is_about_input() => order_form(&call, id, &form, Some(&failure)).await,
        Err(failure) => Err(failure),
    }
}
