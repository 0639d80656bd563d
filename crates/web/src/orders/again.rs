//! The same again: an order that repeats one, entered by somebody of the town, or confirmed by them where its client wished
//! for it on the page of a delivery.
//!
//! Sales record the won deal and fulfillment the decision, in one transaction; the order opens from the deal's event.

use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use clients::companies;
use db::{DbError, Tx};
use fulfillment::orders::{self, Order};
use fulfillment::repeats::{self, RepeatWish, RepeatWishId, RepeatWishKey, WishState};
use kernel::{Code, OrderId};
use sales::Deal;
use sales::direct::{self, DirectOrderInput, OrderAgainInput};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::api::{self, At, Created, Json, Listed, Once, One, Paged, Query};
use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::forms::{Form, FormView};
use crate::orders::parts;
use crate::paths;
use crate::phrases::said;
use crate::shell::Crumb;

#[derive(Serialize)]
struct AgainPage {
    title: String,
    crumbs: Vec<Crumb>,
    /// What is ordered again, by whom and for how much.
    what: String,
    action: String,
    back: String,
    form: FormView,
}

struct Facts {
    order: Order,
    client: String,
}

fn facts(tx: &mut Tx<'_>, id: OrderId) -> Result<Facts, DbError> {
    let order = orders::find(tx, id)?;
    Ok(Facts { client: companies::find(tx, order.company_id)?.name, order })
}

async fn render(
    call: &Call,
    id: OrderId,
    action: String,
    form: &Form,
    failure: Option<&Failure>,
) -> Result<HttpResponse, Failure> {
    let Facts { order, client } = call.db(move |tx| facts(tx, id)).await?;
    let here = paths::order(id);
    let words = [
        ("client", client),
        ("order", order.title.clone()),
        ("amount", format::yen(call.language, order.amount)),
    ];
    let page = AgainPage {
        title: call.text("orders-again-title"),
        crumbs: vec![Crumb::new(call, "nav-orders", "/orders"), Crumb::named(&order.title, &here)],
        what: said(call, "orders-again-what", words.each_ref().map(|(name, text)| (*name, text.as_str()))),
        action,
        back: here,
        form: form.view(call, failure),
    };
    call.page_with(failure.map_or(StatusCode::OK, Failure::status), "orders/again.html", &page)
}

/// `GET /orders/{id}/again`
pub(crate) async fn form(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: OrderId = call.id("id")?;
    let order = call.db(move |tx| orders::find(tx, id)).await?;
    let form = Form::default().preset("title", &order.title);
    render(&call, id, format!("{}/again", paths::order(id)), &form, None).await
}

/// `POST /orders/{id}/again`
pub(crate) async fn create(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: OrderId = call.id("id")?;
    let form = call.form();
    let input: OrderAgainInput = form.input()?;
    match call.once(&form, move |tx| once_more(tx, id, &input).map(|deal| paths::deal(deal.id))).await {
        Ok(page) => Ok(call.done(page, "done-orders-entered")),
        Err(failure) if failure.is_about_input() => {
            render(&call, id, format!("{}/again", paths::order(id)), &form, Some(&failure)).await
        }
        Err(failure) => Err(failure),
    }
}

/// Records the won deal of an order like this one.
fn once_more(tx: &mut Tx<'_>, id: OrderId, input: &OrderAgainInput) -> Result<Deal, Failure> {
    let order = orders::find(tx, id)?;
    Ok(direct::record_again(tx, order.deal_id, input)?)
}

/// A wish as a page shows it.
#[derive(Serialize)]
pub(crate) struct WishRow {
    /// The order it is about, what that is called, and the page of it.
    order: String,
    href: String,
    /// Who wishes what until when, in words.
    text: String,
    note: String,
    /// Where it is confirmed and declined.
    confirm: String,
    decline: String,
    id: String,
}

impl WishRow {
    pub(crate) fn of(call: &Call, wish: &RepeatWish) -> Self {
        let words = [
            ("name", wish.name.clone()),
            ("day", format::full_date(call.language, wish.wished_on)),
            ("at", format::moment(call.language, wish.wished_at)),
        ];
        Self {
            order: wish.order_title.clone(),
            href: paths::order(wish.order_id),
            text: parts::say(call, "orders-wish-text", &words),
            note: wish.note.clone(),
            confirm: format!("/repeat-wishes/{}/confirm", wish.id),
            decline: format!("/repeat-wishes/{}/decline", wish.id),
            id: format!("wish-{}", wish.id),
        }
    }
}

/// What a wish becomes where nobody changed it: its day, and what the client wrote.
fn as_wished(wish: &RepeatWish) -> OrderAgainInput {
    OrderAgainInput {
        deliver_on: wish.wished_on.to_string().into(),
        note: wish.note.as_str().into(),
        ..OrderAgainInput::default()
    }
}

/// Confirms a wish: decided and ordered in one transaction. `input` says what is different from what was wished, if anything.
fn confirmed(tx: &mut Tx<'_>, id: RepeatWishId, input: Option<OrderAgainInput>) -> Result<Deal, Failure> {
    let wish = repeats::confirm(tx, id)?;
    let input = input.unwrap_or_else(|| as_wished(&wish));
    once_more(tx, wish.order_id, &input)
}

/// `POST /repeat-wishes/{id}/confirm`: one press orders what was wished; where that cannot be, as when its day has passed,
/// the form asks for what is different.
pub(crate) async fn confirm(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: RepeatWishId = call.id("id")?;
    let form = call.form();
    let is_changed = !form.get("deliver_on").is_empty() || !form.get("title").is_empty();
    let input: Option<OrderAgainInput> = if is_changed { Some(form.input()?) } else { None };
    let entered = move |tx: &mut Tx<'_>| confirmed(tx, id, input).map(|deal| paths::deal(deal.id));
    match call.once(&form, entered).await {
        Ok(page) => Ok(call.done(page, "done-orders-entered")),
        Err(failure) if failure.is_about_input() && !failure.fields.is_empty() => {
            let wish = call.db(move |tx| repeats::find(tx, id)).await?;
            let shown = if is_changed { form } else { Form::of(&as_wished(&wish)) };
            render(&call, wish.order_id, format!("/repeat-wishes/{id}/confirm"), &shown, Some(&failure)).await
        }
        Err(failure) if failure.code == Code::Conflict => already(&call, id, failure).await,
        Err(failure) => Err(failure),
    }
}

/// `POST /repeat-wishes/{id}/decline`
pub(crate) async fn decline(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: RepeatWishId = call.id("id")?;
    match call.db(move |tx| repeats::decline(tx, id)).await {
        Ok(wish) => Ok(call.done(paths::order(wish.order_id), "done-orders-wish-declined")),
        Err(failure) if failure.code == Code::Conflict => already(&call, id, failure).await,
        Err(failure) => Err(failure),
    }
}

/// The order's page, where somebody has decided the wish meanwhile.
async fn already(call: &Call, id: RepeatWishId, failure: Failure) -> Result<HttpResponse, Failure> {
    let wish = call.db(move |tx| repeats::find(tx, id)).await?;
    if wish.state == WishState::Open {
        return Err(failure);
    }
    Ok(call.noted(paths::order(wish.order_id), "done-orders-wish-decided"))
}

/// `POST /api/v1/orders`
pub(crate) async fn enter(
    call: Rc<Call>,
    Json(input): Json<DirectOrderInput>,
) -> Result<Once<Created<Deal>>, Failure> {
    api::once(&call, move |tx| direct::record_won(tx, &input).map(Created)).await
}

/// `POST /api/v1/orders/{id}/again`
pub(crate) async fn enter_again(
    call: Rc<Call>,
    At(id): At<OrderId>,
    Json(input): Json<OrderAgainInput>,
) -> Result<Once<Created<Deal>>, Failure> {
    api::once(&call, move |tx| once_more(tx, id, &input).map(Created)).await
}

/// `GET /api/v1/repeat-wishes`
pub(crate) async fn wishes(
    call: Rc<Call>,
    Query(paged): Query<Paged>,
) -> Result<Listed<RepeatWish>, Failure> {
    let paging = paged.paging::<RepeatWishKey>()?;
    Ok(call.db(move |tx| repeats::open(tx, &paging)).await?.into())
}

/// What is different from what was wished; nothing where it is ordered as it was wished.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "deliver_on": "2027-03-31" }]))]
pub(crate) struct ConfirmInput {
    /// Another day; the one that was wished where empty.
    deliver_on: kernel::Typed,
}

/// `POST /api/v1/repeat-wishes/{id}/confirm`
pub(crate) async fn confirm_wish(
    call: Rc<Call>,
    At(id): At<RepeatWishId>,
    Json(input): Json<ConfirmInput>,
) -> Result<Once<Created<Deal>>, Failure> {
    api::once(&call, move |tx| -> Result<_, Failure> {
        let wish = repeats::confirm(tx, id)?;
        let as_wished = as_wished(&wish);
        let is_moved = !input.deliver_on.as_str().trim().is_empty();
        let deliver_on = if is_moved { input.deliver_on } else { as_wished.deliver_on.clone() };
        let input = OrderAgainInput { deliver_on, ..as_wished };
        once_more(tx, wish.order_id, &input).map(Created)
    })
    .await
}

/// `POST /api/v1/repeat-wishes/{id}/decline`
pub(crate) async fn decline_wish(
    call: Rc<Call>,
    At(id): At<RepeatWishId>,
) -> Result<Once<One<RepeatWish>>, Failure> {
    api::once(&call, move |tx| repeats::decline(tx, id).map(One)).await
}
