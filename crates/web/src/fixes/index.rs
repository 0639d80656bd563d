//! `GET /fixes`: what clients want mended and nobody has decided about, of one order or of all.

use std::collections::HashMap;
use std::rc::Rc;

use actix_web::HttpResponse;
use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use fulfillment::fixes::{self, FixKey, OpenFix};
use kernel::{Language, OrderId, Page, Paging, PersonId, Typed};
use serde::{Deserialize, Serialize};

use crate::call::Call;
use crate::failure::Failure;
use crate::format::{self, Due};
use crate::orders::parts::{self, When};
use crate::phrases::address;

/// How many fixes a page shows.
const ROWS: u16 = 50;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Query {
    order: Typed,
    after: Typed,
}

struct Facts {
    now: DateTime<Utc>,
    open: Page<OpenFix, FixKey>,
    /// How many there are on all pages.
    count: i64,
    people: HashMap<PersonId, String>,
}

fn facts(
    tx: &mut Tx<'_>,
    order: Option<OrderId>,
    paging: &Paging<FixKey>,
    language: Language,
) -> Result<Facts, DbError> {
    let open = fixes::open(tx, order, paging)?;
    let people = parts::people(tx, language, open.items.iter().map(|fix| fix.holder))?;
    Ok(Facts { now: tx.now(), open, count: fixes::count_open(tx, order)?, people })
}

#[derive(Serialize)]
struct FixesPage {
    title: String,
    answer: String,
    rows: Vec<Row>,
    /// The list of every order, where this one shows one order's.
    all: Option<&'static str>,
    next: String,
    first: String,
}

#[derive(Serialize)]
struct Row {
    id: String,
    label: String,
    href: String,
    order: String,
    holder: String,
    note: String,
    since: When,
    due: Due,
}

/// `GET /fixes`
pub(crate) async fn index(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let query: Query = call.query();
    let order: Option<OrderId> = parts::word_of(&query.order);
    let after = format::read_page_key::<FixKey>(query.after.as_str());
    let language = call.language;
    let paging = Paging { after, ..Paging::first(ROWS) };
    let facts = call.db(move |tx| facts(tx, order, &paging, language)).await?;
    let of_order = order.map(|order| order.to_string()).unwrap_or_default();
    let here = |key: &str| address("/fixes", &[("order", of_order.as_str()), ("after", key)]);
    let page = FixesPage {
        title: call.text("fixes-title"),
        answer: match facts.count {
            0 => String::new(),
            count => parts::say_count(&call, "fixes-answer", count),
        },
        rows: facts.open.items.iter().map(|fix| row(&call, &facts, fix)).collect(),
        all: order.map(|_| "/fixes"),
        next: facts.open.next.as_ref().map(|key| here(&format::page_key(key))).unwrap_or_default(),
        first: if after.is_some() { here("") } else { String::new() },
    };
    call.page("fixes/index.html", &page)
}

fn row(call: &Call, facts: &Facts, fix: &OpenFix) -> Row {
    Row {
        id: format!("fix-{}", fix.unit),
        label: parts::unit_name(call, &fix.job_title, &fix.label),
        href: format!("/units/{}/fix", fix.unit),
        order: fix.order_title.clone(),
        holder: facts.people.get(&fix.holder).cloned().unwrap_or_default(),
        note: fix.note.clone(),
        since: When::of(call.language, fix.asked_at),
        due: format::due(call.language, facts.now, fix.order_due_on),
    }
}
