//! `GET /orders/{id}/promises`: every day an order was promised for, and why it changed.

use std::rc::Rc;

use actix_web::HttpResponse;
use db::DbError;
use fulfillment::orders;
use fulfillment::promises::{self, Promise, PromiseKey};
use kernel::{OrderId, Paging};
use serde::Serialize;

use super::said::share;
use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::forms::PageQuery;
use crate::paths;
use crate::phrases::{address, word};
use crate::shell::Crumb;

/// How many a page shows.
const ROWS: u16 = 50;

#[derive(Serialize)]
struct HistoryPage {
    title: String,
    crumbs: Vec<Crumb>,
    order: String,
    rows: Vec<Row>,
    next: String,
    first: String,
}

#[derive(Serialize)]
struct Row {
    made: String,
    day: String,
    cause: String,
    late: String,
    left: String,
    due: String,
}

/// `GET /orders/{id}/promises`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: OrderId = call.id("id")?;
    let query: PageQuery = call.query();
    let after = format::read_page_key::<PromiseKey>(query.after.as_str());
    let (order, page) = call
        .db(move |tx| -> Result<_, DbError> {
            let order = orders::find(tx, id)?;
            Ok((order, promises::history(tx, id, &Paging { after, ..Paging::first(ROWS) })?))
        })
        .await?;
    let own = format!("{}/promises", paths::order(id));
    let here = |key: &str| address(&own, &[("after", key)]);
    let page = HistoryPage {
        title: call.text("capacity-history"),
        crumbs: vec![
            Crumb::new(&call, "nav-orders", "/orders"),
            Crumb::named(order.title.clone(), paths::order(id)),
        ],
        order: order.title,
        next: page.next.as_ref().map(|key| here(&format::page_key(key))).unwrap_or_default(),
        first: if after.is_some() { here("") } else { String::new() },
        rows: page.items.iter().map(|promise| row(&call, promise)).collect(),
    };
    call.page("capacity/history.html", &page)
}

fn row(call: &Call, promise: &Promise) -> Row {
    let language = call.language;
    Row {
        made: format::full_moment(language, promise.made_at),
        day: match promise.promised_on {
            Some(day) => format::full_date(language, day),
            None => call.text("capacity-no-day"),
        },
        cause: word(call, "capacity-cause", promise.cause),
        late: share(promise.late_permille),
        left: format::duration(language, promise.basis.minutes_left),
        due: format::full_date(language, promise.basis.due_on),
    }
}
