//! Saying that an order's work is re-entrusted: by whom the town was commissioned, and when they pay.

use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use clients::companies;
use db::{DbError, Tx};
use fulfillment::jobs::last_pay_day_re_entrusted;
use fulfillment::orders::{self, Order, ReEntrustInput};
use kernel::OrderId;
use serde::Serialize;

use crate::api::{At, Json, One};
use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::forms::{Form, FormView};
use crate::orders::parts;
use crate::paths;
use crate::shell::Crumb;

#[derive(Serialize)]
struct ReEntrustPage {
    title: String,
    crumbs: Vec<Crumb>,
    action: String,
    back: String,
    form: FormView,
}

/// What an order's page says of it.
#[derive(Serialize)]
pub(super) struct ReEntrustedView {
    /// The original client; empty while it is missing.
    client: String,
    /// When they pay, and by when workers are paid, in words; empty while it is missing.
    pays: String,
    last: String,
    is_incomplete: bool,
}

impl ReEntrustedView {
    pub(super) fn of(call: &Call, order: &Order) -> Option<Self> {
        let known = order.re_entrusted.as_ref()?;
        let day = |on| format::full_date(call.language, on);
        let last = known.original_pay_on.map(|on| day(last_pay_day_re_entrusted(on)));
        Some(Self {
            client: known.original_client.clone(),
            pays: known.original_pay_on.map(day).unwrap_or_default(),
            last: last
                .map(|last| parts::say(call, "orders-re-entrusted-last", &[("day", last)]))
                .unwrap_or_default(),
            is_incomplete: known.is_incomplete(),
        })
    }
}

fn facts(tx: &mut Tx<'_>, id: OrderId) -> Result<(Order, String), DbError> {
    let order = orders::find(tx, id)?;
    let client = companies::find(tx, order.company_id)?.name;
    Ok((order, client))
}

fn render(
    call: &Call,
    order: &Order,
    form: &Form,
    failure: Option<&Failure>,
) -> Result<HttpResponse, Failure> {
    let here = paths::order(order.id);
    let page = ReEntrustPage {
        title: call.text("orders-re-entrust-title"),
        crumbs: vec![Crumb::new(call, "nav-orders", "/orders"), Crumb::named(&order.title, &here)],
        action: format!("{here}/re-entrusted"),
        back: here,
        form: form.view(call, failure),
    };
    call.page_with(failure.map_or(StatusCode::OK, Failure::status), "orders/re_entrusted.html", &page)
}

/// `GET /orders/{id}/re-entrusted`: as it is, or with the client as the one who commissioned the town.
pub(crate) async fn form(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: OrderId = call.id("id")?;
    let (order, client) = call.db(move |tx| facts(tx, id)).await?;
    let form = match &order.re_entrusted {
        None => Form::default().preset("original_client", client),
        Some(known) => Form::default()
            .preset("re_entrusted", "yes")
            .preset("original_client", &known.original_client)
            .preset("original_pay_on", known.original_pay_on.map(|on| on.to_string()).unwrap_or_default()),
    };
    render(&call, &order, &form, None)
}

/// `POST /orders/{id}/re-entrusted`
pub(crate) async fn change(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: OrderId = call.id("id")?;
    let form = call.form();
    let input: ReEntrustInput = form.input()?;
    match call.db(move |tx| orders::re_entrust(tx, id, &input)).await {
        Ok(_order) => Ok(call.done(paths::order(id), "done-saved")),
        Err(failure) if failure.is_about_input() => {
            let (order, _client) = call.db(move |tx| facts(tx, id)).await?;
            render(&call, &order, &form, Some(&failure))
        }
        Err(failure) => Err(failure),
    }
}

/// `PUT /api/v1/orders/{id}/re-entrusted`
pub(crate) async fn write(
    call: Rc<Call>,
    At(id): At<OrderId>,
    Json(input): Json<ReEntrustInput>,
) -> Result<One<Order>, Failure> {
    call.db(move |tx| orders::re_entrust(tx, id, &input)).await.map(One)
}
