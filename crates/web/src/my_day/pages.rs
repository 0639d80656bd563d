//! `/my-day`: the list, and the form of the one row that is open.

use std::rc::Rc;

use accounts::Person;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use chrono::{DateTime, Days, Utc};
use db::{DbError, Tx};
use kernel::{Code, DealId, LeadId, Page, Paging, PersonId, Typed, date_in_japan};
use sales::activities::{ActivityKind, Outcome};
use sales::day::{self, DayCounts, Due, DueKey, DueKind};
use sales::leads::{self, Lead};
use sales::todos::TodoId;
use sales::{colleagues, todos};
use serde::{Deserialize, Serialize};

use super::rows::{self, DayRow, Reach, WaitingRow};
use crate::call::Call;
use crate::deals::today::{self, YearFacts, YearTile};
use crate::failure::Failure;
use crate::format;
use crate::forms::{Form, FormView};
use crate::phrases::{self, Choice, counted, said};

/// The page's own address.
pub(super) const HERE: &str = "/my-day";
/// The word for the rows somebody can be called about.
const CALLS: &str = "calls";
/// How many waiting leads are shown; the others are in the list of leads.
const WAITING: i64 = 10;
/// In how many days the next action of a deal or a lead is due unless the person says otherwise.
const NEXT_IN: Days = Days::new(7);

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct DayQuery {
    show: Typed,
    open: Typed,
    after: Typed,
}

/// What is asked for.
#[derive(Debug, Default)]
pub(super) struct Asked {
    only_calls: bool,
    pub(super) open: Option<(DueKind, i64)>,
    after: Option<DueKey>,
}

/// What the database knows of the day.
struct Facts {
    counts: DayCounts,
    due: Page<Due, DueKey>,
    /// The row that is open, wherever it stands.
    opened: Option<Due>,
    reach: Reach,
    waiting: Vec<Lead>,
    colleagues: Vec<Person>,
    todos: i64,
    year: YearFacts,
    now: DateTime<Utc>,
}

fn facts(tx: &mut Tx<'_>, person: PersonId, asked: &Asked) -> Result<Facts, DbError> {
    let due = day::due(tx, person, &Paging { after: asked.after, ..Paging::first(Paging::<DueKey>::MOST) })?;
    let opened = match asked.open {
        Some((kind, id)) => day::one(tx, person, kind, id)?,
        None => None,
    };
    let waiting = leads::unanswered(tx, WAITING)?;
    Ok(Facts {
        counts: day::counts(tx, person)?,
        reach: Reach::of(tx, due.items.iter().chain(&opened), &waiting)?,
        waiting,
        colleagues: if opened.is_some() { colleagues::list(tx)? } else { Vec::new() },
        todos: todos::open_count(tx, person)?,
        year: today::of_year(tx)?,
        now: tx.now(),
        due,
        opened,
    })
}

#[derive(Serialize)]
struct Tab {
    label: String,
    href: String,
    current: bool,
    count: String,
}

#[derive(Serialize)]
struct DayPage {
    title: String,
    answer: String,
    tabs: Vec<Tab>,
    rows: Vec<DayRow>,
    only_calls: bool,
    shown: String,
    next: String,
    first: String,
    opened: Option<OpenForm>,
    waiting: Vec<WaitingRow>,
    waiting_text: String,
    waiting_more: bool,
    todos: String,
    /// How far the year is, as on the home page.
    year: YearTile,
    form: FormView,
}

/// The form of the row that is open.
#[derive(Serialize)]
struct OpenForm {
    row: DayRow,
    /// The row stands in the list below; otherwise the form stands above it.
    in_list: bool,
    kind: DueKind,
    action: String,
    version: i32,
    outcomes: Vec<Choice>,
    kinds: Vec<Choice>,
    colleagues: Vec<Choice>,
    /// The register says that the company is closed, and it wants to be confirmed.
    asks_closed: bool,
}

/// The day's sentence: how much is due, and how much of it is late.
pub(crate) fn sentence(call: &Call, counts: DayCounts) -> String {
    if counts.overdue == 0 {
        return counted(call, "today-sales-sentence", "count", counts.due);
    }
    let words = [("count", format::count(counts.due)), ("late", format::count(counts.overdue))];
    said(call, "today-sales-sentence-late", words.each_ref().map(|(name, text)| (*name, text.as_str())))
}

/// The outcomes a row of this kind offers.
fn outcomes(call: &Call, kind: DueKind) -> Vec<Choice> {
    match kind {
        DueKind::Deal | DueKind::Lead => phrases::choices(call, "activity-outcome", Outcome::ALL),
        DueKind::Todo => {
            ["done", "later"].map(|one| Choice::new(one, call.text(&format!("day-todo-{one}")))).into()
        }
    }
}

fn open_form(call: &Call, facts: &Facts, asked_closed: bool) -> Option<OpenForm> {
    let thing = facts.opened.as_ref()?;
    let kinds: Vec<ActivityKind> = ActivityKind::ALL
        .iter()
        .copied()
        .filter(|kind| {
            thing.kind == DueKind::Deal || !matches!(kind, ActivityKind::Note | ActivityKind::Task)
        })
        .collect();
    Some(OpenForm {
        row: rows::row(call, facts.now, &facts.reach, thing),
        in_list: facts.due.items.iter().any(|one| one.key() == thing.key()),
        kind: thing.kind,
        action: format!("{HERE}/{}s/{}", thing.kind, thing.id),
        version: thing.version,
        outcomes: outcomes(call, thing.kind),
        kinds: phrases::choices(call, "activity-kind", &kinds),
        colleagues: others(call, &facts.colleagues),
        asks_closed: asked_closed,
    })
}

/// Colleagues but for the reader, as options.
pub(crate) fn others(call: &Call, people: &[Person]) -> Vec<Choice> {
    let own = call.person().ok();
    let others: Vec<Person> = people.iter().filter(|person| Some(person.id) != own).cloned().collect();
    phrases::people(call.language, &others)
}

/// What the form of a row starts with: the next action as it stands, a day in reach.
fn preset(facts: &Facts) -> Form {
    let Some(thing) = &facts.opened else { return Form::default() };
    let today = date_in_japan(facts.now);
    match thing.kind {
        DueKind::Deal | DueKind::Lead => Form::default()
            .preset("next_action", &thing.action)
            .preset("next_action_on", today + NEXT_IN)
            .preset("kind", ActivityKind::Call),
        DueKind::Todo => Form::default().preset("outcome", "done").preset("due_on", today + Days::new(1)),
    }
}

fn day_page(call: &Call, asked: &Asked, facts: &Facts, form: &Form, failure: Option<&Failure>) -> DayPage {
    let all: Vec<DayRow> =
        facts.due.items.iter().map(|thing| rows::row(call, facts.now, &facts.reach, thing)).collect();
    let calls = all.iter().filter(|row| row.can_be_called()).count();
    // What is on further pages is not counted, so where there are any nothing is said.
    let is_whole = asked.after.is_none() && facts.due.next.is_none();
    let shown: Vec<DayRow> = all.into_iter().filter(|row| !asked.only_calls || row.can_be_called()).collect();
    let show = if asked.only_calls { CALLS } else { "" };
    let here = |after: &str| phrases::address(HERE, &[("show", show), ("after", after)]);
    let tab = |show: &str, key: &str, count: String| Tab {
        label: call.text(key),
        href: phrases::address(HERE, &[("show", show)]),
        current: asked.only_calls == (show == CALLS),
        count,
    };
    DayPage {
        title: call.text("day-title"),
        answer: sentence(call, facts.counts),
        tabs: vec![
            tab("", "day-all", format::count(facts.counts.due)),
            tab(CALLS, "day-calls", if is_whole { calls.to_string() } else { String::new() }),
        ],
        only_calls: asked.only_calls,
        shown: said(call, "day-shown", [("count", &shown.len().to_string())]),
        rows: shown,
        next: facts.due.next.as_ref().map(|key| here(&format::page_key(key))).unwrap_or_default(),
        first: if asked.after.is_some() { here("") } else { String::new() },
        opened: open_form(call, facts, failure.is_some_and(|failure| failure.code == Code::CompanyClosed)),
        waiting: facts
            .waiting
            .iter()
            .map(|lead| WaitingRow::of(call, facts.now, &facts.reach, lead))
            .collect(),
        waiting_text: counted(call, "leads-answer", "count", facts.counts.waiting),
        waiting_more: facts.counts.waiting > WAITING,
        todos: format::count(facts.todos),
        year: YearTile::of(call, &facts.year),
        form: form.view(call, failure),
    }
}

/// `GET /my-day`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let query: DayQuery = call.query();
    let asked = Asked {
        only_calls: query.show.as_str() == CALLS,
        open: rows::read_name(query.open.as_str()),
        after: format::read_page_key(query.after.as_str()),
    };
    let person = call.person()?;
    let (asked, facts) = call
        .db(move |tx| -> Result<_, DbError> {
            let facts = facts(tx, person, &asked)?;
            Ok((asked, facts))
        })
        .await?;
    let form = preset(&facts);
    call.page("my_day/index.html", &day_page(&call, &asked, &facts, &form, None))
}

/// What is done, closed or somebody else's by now is no row of this day: its own page has what was typed and how it stands.
async fn elsewhere(
    call: &Call,
    (kind, id): (DueKind, i64),
    form: &Form,
    failure: &Failure,
) -> Result<HttpResponse, Failure> {
    match kind {
        DueKind::Deal => crate::deals::show::show_again(call, DealId(id), form, failure).await,
        DueKind::Lead => crate::leads::pages::show_again(call, LeadId(id), form, failure).await,
        // Pressed twice, or done by somebody else: with nothing typed there is nothing to keep.
        DueKind::Todo if form.get("note").trim().is_empty() => Ok(call.noted(HERE, "done-day-gone")),
        DueKind::Todo => crate::todos::pages::page(call, TodoId(id), form, Some(failure)).await,
    }
}

/// The day again, with the row's form and what was refused of it.
pub(super) async fn again(
    call: &Call,
    open: (DueKind, i64),
    form: &Form,
    failure: &Failure,
) -> Result<HttpResponse, Failure> {
    let asked = Asked { open: Some(open), ..Asked::default() };
    let person = call.person()?;
    let (asked, facts) = call
        .db(move |tx| -> Result<_, DbError> {
            let facts = facts(tx, person, &asked)?;
            Ok((asked, facts))
        })
        .await?;
    if facts.opened.is_none() {
        return elsewhere(call, open, form, failure).await;
    }
    let status: StatusCode = phrases::again(failure);
    call.page_with(status, "my_day/index.html", &day_page(call, &asked, &facts, form, Some(failure)))
}
