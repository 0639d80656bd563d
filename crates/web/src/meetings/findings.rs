//! `/findings`: what the team or an adviser found wanting, open and settled, page by page, and the form that adds one.

use std::collections::BTreeMap;
use std::rc::Rc;

use accounts::{Person, persons};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use kernel::{Code, Page, Paging, PersonId, Typed};
use sales::findings::{self, Finding, FindingId, FindingInput, FindingKey, FindingState, FindingStatus};
use serde::{Deserialize, Serialize};

use super::{crumbs, names};
use crate::advice::may_advise;
use crate::call::Call;
use crate::failure::Failure;
use crate::format::{self, Due, Moment};
use crate::forms::{Form, FormView};
use crate::phrases::{self, counted, word};
use crate::shell::Crumb;

/// The page's own address.
pub(super) const HERE: &str = "/findings";
/// How many findings a page shows.
const ROWS: u16 = 30;

/// A finding as lists show it.
#[derive(Serialize)]
pub(crate) struct FindingRow {
    id: String,
    title: String,
    href: String,
    pub(super) state: FindingStatus,
    /// Its kind, who sees to it, and who wrote it down.
    about: Vec<String>,
    /// By which day; none where nothing is agreed or it is settled.
    due: Option<Due>,
    since: Moment,
    /// When it was settled; none while it is open.
    settled: Option<Moment>,
    who: String,
    version: i32,
    settle: String,
}

impl FindingRow {
    /// Whose names it shows.
    pub(crate) fn named(finding: &Finding) -> Vec<PersonId> {
        finding.owner_id.into_iter().chain([finding.person_id]).collect()
    }

    /// In the reader's language.
    pub(crate) fn of(
        call: &Call,
        now: DateTime<Utc>,
        people: &BTreeMap<PersonId, Person>,
        finding: &Finding,
    ) -> Self {
        Self {
            id: format!("finding-{}", finding.id),
            title: finding.title.clone(),
            href: format!("{HERE}/{}", finding.id),
            state: finding.state.status(),
            about: vec![
                word(call, "finding-kind", finding.kind),
                finding
                    .owner_id
                    .map_or_else(|| call.text("finding-owner-none"), |id| names(call, people, &[id])),
            ],
            due: finding
                .due_on
                .filter(|_| finding.state.status() != FindingStatus::Settled)
                .map(|day| format::due_on(call.language, now, day)),
            since: Moment::of(call.language, now, finding.created_at),
            settled: match finding.state {
                FindingState::Open | FindingState::Decided => None,
                FindingState::Settled { settled_at } => Some(Moment::of(call.language, now, settled_at)),
            },
            who: names(call, people, &[finding.person_id]),
            version: finding.version,
            settle: format!("{HERE}/{}/settle", finding.id),
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct FindingsQuery {
    state: Typed,
    after: Typed,
}

#[derive(Serialize)]
struct Tab {
    label: String,
    href: String,
    current: bool,
    count: String,
}

#[derive(Serialize)]
struct FindingsPage {
    title: String,
    crumbs: Vec<Crumb>,
    answer: String,
    tabs: Vec<Tab>,
    rows: Vec<FindingRow>,
    next: String,
    first: String,
    may_raise: bool,
    may_settle: bool,
    form: FormView,
}

struct Facts {
    page: Page<Finding, FindingKey>,
    counts: BTreeMap<FindingStatus, i64>,
    people: BTreeMap<PersonId, Person>,
    now: DateTime<Utc>,
}

fn facts(tx: &mut Tx<'_>, state: FindingStatus, after: Option<FindingKey>) -> Result<Facts, DbError> {
    let page = findings::list(tx, state, &Paging { after, ..Paging::first(ROWS) })?;
    let named: Vec<PersonId> = page.items.iter().flat_map(FindingRow::named).collect();
    let mut counts = BTreeMap::new();
    for state in [FindingStatus::Open, FindingStatus::Decided] {
        counts.insert(state, findings::count(tx, state)?);
    }
    Ok(Facts { people: persons::find_many(tx, &named)?, counts, page, now: tx.now() })
}

async fn list(call: &Call, returned: Option<(&Form, &Failure)>) -> Result<HttpResponse, Failure> {
    let query: FindingsQuery = call.query();
    let shown = query.state.as_str().parse().unwrap_or(FindingStatus::Open);
    let after = format::read_page_key::<FindingKey>(query.after.as_str());
    let is_first = after.is_none();
    let facts = call.db(move |tx| facts(tx, shown, after)).await?;
    let here = |state: FindingStatus, after: &str| {
        phrases::address(HERE, &[("state", state.as_str()), ("after", after)])
    };
    let tab = |state: &FindingStatus| Tab {
        label: word(call, "findings-state", state),
        href: here(*state, ""),
        current: *state == shown,
        count: facts.counts.get(state).copied().map(format::count).unwrap_or_default(),
    };
    let empty = Form::default();
    let page = FindingsPage {
        title: call.text("findings-all"),
        crumbs: crumbs(call),
        answer: counted(call, "meetings-answer", "count", facts.counts.values().sum()),
        tabs: FindingStatus::ALL.iter().map(tab).collect(),
        rows: facts
            .page
            .items
            .iter()
            .map(|finding| FindingRow::of(call, facts.now, &facts.people, finding))
            .collect(),
        next: facts.page.next.as_ref().map(|key| here(shown, &format::page_key(key))).unwrap_or_default(),
        first: if is_first { String::new() } else { here(shown, "") },
        may_raise: may_advise(call),
        may_settle: may_advise(call) && shown != FindingStatus::Settled,
        form: returned.map_or(&empty, |(form, _)| form).view(call, returned.map(|(_, failure)| failure)),
    };
    let status: StatusCode = returned.map_or(StatusCode::OK, |(_, failure)| failure.status());
    call.page_with(status, "meetings/findings.html", &page)
}

/// `GET /findings`
pub(crate) async fn index(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    list(&call, None).await
}

/// `POST /findings`
pub(crate) async fn raise(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let form = call.form();
    let input: FindingInput = form.input()?;
    match call.once(&form, move |tx| findings::raise(tx, &input).map(|_raised| HERE.to_owned())).await {
        Ok(page) => Ok(call.done(page, "done-finding-raised")),
        Err(failure) if failure.is_about_input() => list(&call, Some((&form, &failure))).await,
        Err(failure) => Err(failure),
    }
}

/// `POST /findings/{id}/settle`
pub(crate) async fn settle(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: FindingId = call.id("id")?;
    let version = call.form().version()?;
    match call.db(move |tx| findings::settle(tx, id, version)).await {
        Ok(_settled) => Ok(call.done(HERE, "done-finding-settled")),
        // Somebody was faster, or it was pressed twice.
        Err(failure) if failure.code == Code::Stale => Ok(call.noted(HERE, "done-finding-settled")),
        Err(failure) => Err(failure),
    }
}
