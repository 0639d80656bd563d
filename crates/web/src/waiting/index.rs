//! `GET /workers/waiting`: everybody who waits to begin, or to begin again.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use actix_web::HttpResponse;
use chrono::NaiveDate;
use db::{DbError, Tx};
use kernel::{Language, Page, Paging, PersonId, Typed, date_in_japan};
use serde::{Deserialize, Serialize};
use workforce::WorkerState;
use workforce::interviews::InterviewId;
use workforce::waiting::{self, WAITING_STATES, Waiting, WaitingKey};

use super::Next;
use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::orders::parts;
use crate::paths;
use crate::shell::Crumb;

/// How many people a page shows.
const ROWS: u16 = 50;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Query {
    state: Typed,
    after: Typed,
}

struct Facts {
    page: Page<Waiting, WaitingKey>,
    names: HashMap<PersonId, String>,
    counts: BTreeMap<WorkerState, i64>,
    /// Interviews whose mail did not arrive.
    unreached: HashMap<InterviewId, String>,
    today: NaiveDate,
}

fn facts(
    tx: &mut Tx<'_>,
    language: Language,
    state: Option<WorkerState>,
    after: Option<WaitingKey>,
) -> Result<Facts, DbError> {
    let page = waiting::list(tx, state, &Paging { after, ..Paging::first(ROWS) })?;
    let people = page.items.iter().map(|one| one.worker.person_id);
    let names = parts::people(tx, language, people)?;
    let unreached = super::unreached_of(tx, &page.items)?;
    let counts = waiting::counts(tx)?;
    Ok(Facts { names, counts, unreached, today: date_in_japan(tx.now()), page })
}

#[derive(Serialize)]
struct WaitingPage {
    title: String,
    crumbs: Vec<Crumb>,
    answer: String,
    tabs: Vec<CountedTab>,
    rows: Vec<Row>,
    total: String,
    next: String,
    first: String,
}

#[derive(Serialize)]
struct CountedTab {
    label: String,
    href: String,
    current: bool,
    count: String,
}

#[derive(Serialize)]
struct Row {
    name: String,
    href: String,
    state: WorkerState,
    next: Next,
    /// Whether the mail about their interview did not arrive.
    is_unreached: bool,
}

/// `GET /workers/waiting`
pub(crate) async fn index(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let query: Query = call.query();
    let state: Option<WorkerState> = parts::word_of(&query.state).filter(|one| WAITING_STATES.contains(one));
    let after = format::read_page_key::<WaitingKey>(query.after.as_str());
    let language = call.language;
    let facts = call.db(move |tx| facts(tx, language, state, after)).await?;
    let here = href(state);
    let shown = state.map_or_else(
        || facts.counts.values().sum(),
        |state| facts.counts.get(&state).copied().unwrap_or_default(),
    );
    let join = if state.is_some() { '&' } else { '?' };
    let next = facts.page.next.as_ref();
    let page = WaitingPage {
        title: call.text("waiting-title"),
        crumbs: vec![Crumb::new(&call, "nav-workers", "/workers")],
        answer: parts::say_count(&call, "waiting-answer", facts.counts.values().sum()),
        tabs: tabs(&call, state, &facts.counts),
        total: parts::say_count(&call, "waiting-total", shown),
        next: next.map(|key| format!("{here}{join}after={}", format::page_key(key))).unwrap_or_default(),
        first: if after.is_some() { here } else { String::new() },
        rows: facts.page.items.iter().map(|one| row(&call, &facts, one)).collect(),
    };
    call.page("waiting/index.html", &page)
}

fn href(state: Option<WorkerState>) -> String {
    state.map_or_else(|| "/workers/waiting".to_owned(), |state| format!("/workers/waiting?state={state}"))
}

fn tabs(call: &Call, current: Option<WorkerState>, counts: &BTreeMap<WorkerState, i64>) -> Vec<CountedTab> {
    let tab = |state: Option<WorkerState>, label: String, count: i64| CountedTab {
        label,
        href: href(state),
        current: state == current,
        count: format::count(count),
    };
    let all = tab(None, call.text("waiting-all"), counts.values().sum());
    let each = WAITING_STATES.iter().map(|state| {
        let count = counts.get(state).copied().unwrap_or_default();
        tab(Some(*state), call.text(&format!("state-worker-{state}")), count)
    });
    [all].into_iter().chain(each).collect()
}

fn row(call: &Call, facts: &Facts, waiting: &Waiting) -> Row {
    Row {
        name: facts.names.get(&waiting.worker.person_id).cloned().unwrap_or_default(),
        href: paths::worker(waiting.worker.id),
        state: waiting.worker.state,
        next: Next::of(call, waiting, facts.today),
        is_unreached: waiting.interview.as_ref().is_some_and(|one| facts.unreached.contains_key(&one.id)),
    }
}
