//! `GET /hand-overs`: parts of units whose share nobody has decided yet.

use std::collections::HashMap;
use std::rc::Rc;

use actix_web::HttpResponse;
use db::{DbError, Tx};
use fulfillment::hand_overs::{self, HandOverKey, OpenHandOver};
use kernel::{Language, Page, Paging, PersonId, Typed};
use serde::{Deserialize, Serialize};

use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::orders::parts::{self, When};
use crate::phrases::address;

/// How many parts a page shows.
const ROWS: u16 = 50;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Query {
    after: Typed,
}

struct Facts {
    open: Page<OpenHandOver, HandOverKey>,
    /// How many there are on all pages.
    count: i64,
    people: HashMap<PersonId, String>,
}

fn facts(tx: &mut Tx<'_>, paging: &Paging<HandOverKey>, language: Language) -> Result<Facts, DbError> {
    let open = hand_overs::open(tx, paging)?;
    let people = parts::people(tx, language, open.items.iter().map(|open| open.part.person_id))?;
    Ok(Facts { open, count: hand_overs::count_open(tx)?, people })
}

#[derive(Serialize)]
struct HandOversPage {
    title: String,
    answer: String,
    rows: Vec<Row>,
    next: String,
    first: String,
}

#[derive(Serialize)]
struct Row {
    id: String,
    label: String,
    href: String,
    order: String,
    maker: String,
    share: String,
    since: When,
}

/// `GET /hand-overs`
pub(crate) async fn index(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let query: Query = call.query();
    let after = format::read_page_key::<HandOverKey>(query.after.as_str());
    let language = call.language;
    let paging = Paging { after, ..Paging::first(ROWS) };
    let facts = call.db(move |tx| facts(tx, &paging, language)).await?;
    let here = |key: &str| address("/hand-overs", &[("after", key)]);
    let page = HandOversPage {
        title: call.text("hand-overs-title"),
        answer: match facts.count {
            0 => String::new(),
            count => parts::say_count(&call, "hand-overs-answer", count),
        },
        rows: facts.open.items.iter().map(|open| row(&call, &facts, open)).collect(),
        next: facts.open.next.as_ref().map(|key| here(&format::page_key(key))).unwrap_or_default(),
        first: if after.is_some() { here("") } else { String::new() },
    };
    call.page("hand_overs/index.html", &page)
}

fn row(call: &Call, facts: &Facts, open: &OpenHandOver) -> Row {
    Row {
        id: format!("hand-over-{}", open.part.id),
        label: parts::unit_name(call, &open.job_title, &open.label),
        href: format!("/hand-overs/{}", open.part.id),
        order: open.order_title.clone(),
        maker: facts.people.get(&open.part.person_id).cloned().unwrap_or_default(),
        share: tenths(call, open.part.tenths),
        since: When::of(call.language, open.part.handed_over_at),
    }
}

/// `10分の6`
pub(super) fn tenths(call: &Call, tenths: i16) -> String {
    parts::say(call, "hand-overs-tenths", &[("tenths", tenths.to_string())])
}
