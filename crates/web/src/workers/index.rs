//! `GET /workers`: by state, in the order they came.

use std::collections::HashMap;
use std::rc::Rc;

use actix_web::HttpResponse;
use db::{DbError, Tx};
use kernel::{Language, Page, Paging, PersonId, Typed, WorkerId, date_in_japan};
use serde::{Deserialize, Serialize};
use workforce::workers::{self, Counts, Worker, WorkerFilter, WorkerState};

use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::orders::parts::{self, Tab};
use crate::paths;

/// How many workers a page shows.
const ROWS: u16 = 50;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Query {
    state: Typed,
    after: Typed,
}

struct Facts {
    page: Page<Worker, WorkerId>,
    names: HashMap<PersonId, String>,
    counts: Counts,
}

fn facts(
    tx: &mut Tx<'_>,
    language: Language,
    filter: WorkerFilter,
    after: Option<WorkerId>,
) -> Result<Facts, DbError> {
    let page = workers::list(tx, filter, &Paging { after, ..Paging::first(ROWS) })?;
    let names = parts::people(tx, language, page.items.iter().map(|worker| worker.person_id))?;
    let counts = workers::counts(tx, date_in_japan(tx.now()))?;
    Ok(Facts { page, names, counts })
}

#[derive(Serialize)]
struct ListPage {
    title: String,
    tabs: Vec<Tab>,
    answer: String,
    rows: Vec<Row>,
    shown: String,
    is_filtered: bool,
    next: String,
    first: String,
    /// What was asked for and is no state.
    unknown: Option<String>,
}

#[derive(Serialize)]
struct Row {
    name: String,
    href: String,
    state: WorkerState,
    hours: String,
    since: String,
}

/// `GET /workers`
pub(crate) async fn index(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let query: Query = call.query();
    let state: Option<WorkerState> = parts::word_of(&query.state);
    let after = format::read_page_key::<WorkerId>(query.after.as_str());
    let language = call.language;
    let facts = call.db(move |tx| facts(tx, language, WorkerFilter { state }, after)).await?;
    let here = state.map_or_else(|| "/workers?".to_owned(), |state| format!("/workers?state={state}"));
    let page = ListPage {
        title: call.text("nav-workers"),
        tabs: tabs(&call, state),
        answer: answer(&call, &facts.counts),
        rows: facts.page.items.iter().map(|worker| row(&call, worker, &facts.names)).collect(),
        shown: parts::say_count(
            &call,
            "workers-shown",
            i64::try_from(facts.page.items.len()).unwrap_or(i64::MAX),
        ),
        is_filtered: state.is_some(),
        next: facts
            .page
            .next
            .as_ref()
            .map(|key| format!("{here}&after={}", format::page_key(key)))
            .unwrap_or_default(),
        first: if after.is_some() { here } else { String::new() },
        unknown: parts::unknown_word::<WorkerState>("state", &query.state),
    };
    call.page("workers/index.html", &page)
}

fn answer(call: &Call, counts: &Counts) -> String {
    let counts = [
        ("active", format::count(counts.active)),
        ("registered", format::count(counts.registrations_cumulative)),
        ("withdrawn", format::count(counts.withdrawn.values().sum())),
    ];
    parts::say(call, "workers-answer", &counts)
}

fn tabs(call: &Call, current: Option<WorkerState>) -> Vec<Tab> {
    let all =
        Tab { label: call.text("workers-all"), href: "/workers".to_owned(), current: current.is_none() };
    let tab = |state: &WorkerState| Tab {
        label: call.text(&format!("state-worker-{state}")),
        href: format!("/workers?state={state}"),
        current: current == Some(*state),
    };
    std::iter::once(all).chain(WorkerState::ALL.iter().map(tab)).collect()
}

fn row(call: &Call, worker: &Worker, names: &HashMap<PersonId, String>) -> Row {
    Row {
        name: names.get(&worker.person_id).cloned().unwrap_or_default(),
        href: paths::worker(worker.id),
        state: worker.state,
        hours: format::duration(call.language, i64::from(worker.weekly_minutes)),
        since: worker.registered_on.map(|day| parts::day(call.language, day)).unwrap_or_default(),
    }
}
