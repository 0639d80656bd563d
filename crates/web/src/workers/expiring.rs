//! `/skills/expiring`: whose skills run out, so that somebody can ask them before offers stop coming.

use std::collections::HashMap;
use std::ops::RangeInclusive;
use std::rc::Rc;

use actix_web::HttpResponse;
use chrono::{DateTime, Days, NaiveDate, Utc};
use db::{DbError, Tx};
use kernel::{Language, Page, Paging, PersonId, date_in_japan};
use serde::Serialize;
use workforce::skills::{self, Expiring, ExpiringKey};

use crate::api::{Listed, Paged, Query};
use crate::call::Call;
use crate::failure::Failure;
use crate::format::{self, Due};
use crate::forms::PageQuery;
use crate::orders::parts;
use crate::paths;
use crate::shell::Crumb;

/// How many rows a page shows.
const ROWS: u16 = 50;
/// How many days ahead the list looks, and how many back.
const AHEAD: u64 = 60;
const BACK: u64 = 30;

fn days(today: NaiveDate) -> RangeInclusive<NaiveDate> {
    let from = today.checked_sub_days(Days::new(BACK)).unwrap_or(today);
    from..=today.checked_add_days(Days::new(AHEAD)).unwrap_or(today)
}

struct Facts {
    page: Page<Expiring, ExpiringKey>,
    names: HashMap<PersonId, String>,
    now: DateTime<Utc>,
}

fn facts(tx: &mut Tx<'_>, language: Language, after: Option<ExpiringKey>) -> Result<Facts, DbError> {
    let now = tx.now();
    let page = skills::expiring(tx, days(date_in_japan(now)), &Paging { after, ..Paging::first(ROWS) })?;
    let names = parts::people(tx, language, page.items.iter().map(|one| one.person))?;
    Ok(Facts { page, names, now })
}

#[derive(Serialize)]
struct ExpiringPage {
    title: String,
    crumbs: Vec<Crumb>,
    answer: String,
    rows: Vec<Row>,
    next: String,
    first: String,
}

#[derive(Serialize)]
struct Row {
    name: String,
    href: String,
    skill: String,
    level: String,
    due: Due,
}

/// `GET /skills/expiring`
pub(crate) async fn index(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let query: PageQuery = call.query();
    let after = format::read_page_key::<ExpiringKey>(query.after.as_str());
    let language = call.language;
    let facts = call.db(move |tx| facts(tx, language, after)).await?;
    let shown = i64::try_from(facts.page.items.len()).unwrap_or(i64::MAX);
    let next = facts.page.next.as_ref().map(format::page_key);
    let page = ExpiringPage {
        title: call.text("expiring-title"),
        crumbs: vec![
            Crumb::new(&call, "nav-workers", "/workers"),
            Crumb::new(&call, "skills-title", "/skills"),
        ],
        answer: parts::say_count(&call, "expiring-answer", shown),
        rows: facts.page.items.iter().map(|one| row(&call, &facts, one)).collect(),
        next: next.map(|key| format!("/skills/expiring?after={key}")).unwrap_or_default(),
        first: if after.is_some() { "/skills/expiring".to_owned() } else { String::new() },
    };
    call.page("workers/expiring.html", &page)
}

fn row(call: &Call, facts: &Facts, one: &Expiring) -> Row {
    Row {
        name: facts.names.get(&one.person).cloned().unwrap_or_default(),
        href: format!("{}#skills", paths::worker(one.worker)),
        skill: one.name.clone(),
        level: parts::say(call, "workers-skill-level-of", &[("level", one.level.to_string())]),
        due: format::due(call.language, facts.now, one.expires_on),
    }
}

/// `GET /api/v1/skills/expiring`
pub(crate) async fn api(call: Rc<Call>, Query(paged): Query<Paged>) -> Result<Listed<Expiring>, Failure> {
    let paging = paged.paging::<ExpiringKey>()?;
    let found = call.db(move |tx| skills::expiring(tx, days(date_in_japan(tx.now())), &paging));
    Ok(found.await?.into())
}
