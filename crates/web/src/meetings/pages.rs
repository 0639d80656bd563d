//! `/meetings` and one meeting.

use std::collections::BTreeMap;
use std::rc::Rc;

use accounts::{Person, persons};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use kernel::{Code, Paging, PersonId};
use sales::findings::{self, Finding, FindingStatus};
use sales::meetings::{
    self, Agenda, Decided, Decision, DecisionInput, Meeting, MeetingError, MeetingId, MeetingInput,
    MeetingKey,
};
use sales::{colleagues, team};
use serde::Serialize;

use super::agenda::AgendaView;
use super::findings::{self as findings_page, FindingRow};
use super::forms::input;
use super::{crumbs, names, path};
use crate::call::Call;
use crate::deals::may_sell;
use crate::failure::Failure;
use crate::format;
use crate::forms::{Form, FormView, PageQuery};
use crate::overtaken::{self, Difference, Unsaved};
use crate::paths;
use crate::phrases::{self, Choice, counted};
use crate::shell::Crumb;

/// How many meetings a page shows.
const ROWS: u16 = 30;
/// How many open findings the list of meetings shows; their own page has the others.
const FINDINGS: i64 = 10;

#[derive(Serialize)]
struct ListPage {
    title: String,
    answer: String,
    may_write: bool,
    rows: Vec<Row>,
    next: String,
    first: String,
    findings: Vec<FindingRow>,
    /// Where all findings are.
    all_findings: &'static str,
}

#[derive(Serialize)]
struct Row {
    id: String,
    href: String,
    day: String,
    people: String,
    is_closed: bool,
}

struct ListFacts {
    meetings: kernel::Page<Meeting, MeetingKey>,
    findings: Vec<Finding>,
    open: i64,
    people: BTreeMap<PersonId, Person>,
    now: DateTime<Utc>,
}

fn list_facts(tx: &mut Tx<'_>, after: Option<MeetingKey>) -> Result<ListFacts, DbError> {
    let meetings = meetings::list(tx, &Paging { after, ..Paging::first(ROWS) })?;
    let findings = findings::unsettled(tx, FINDINGS)?;
    let mut named: Vec<PersonId> = meetings.items.iter().flat_map(|one| one.people.clone()).collect();
    named.extend(findings.iter().flat_map(FindingRow::named));
    Ok(ListFacts {
        people: persons::find_many(tx, &named)?,
        open: findings::open_count(tx)?,
        meetings,
        findings,
        now: tx.now(),
    })
}

/// `GET /meetings`
pub(crate) async fn index(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let after = format::read_page_key::<MeetingKey>(call.query::<PageQuery>().after.as_str());
    let is_first = after.is_none();
    let facts = call.db(move |tx| list_facts(tx, after)).await?;
    let row = |meeting: &Meeting| Row {
        id: format!("meeting-{}", meeting.id),
        href: path(meeting.id),
        day: format::day_and_time(call.language, meeting.held_on, meeting.begins_at),
        people: names(&call, &facts.people, &meeting.people),
        is_closed: meeting.closed_at.is_some(),
    };
    let next = |key: &MeetingKey| phrases::address("/meetings", &[("after", &format::page_key(key))]);
    let page = ListPage {
        title: call.text("meetings-title"),
        answer: counted(&call, "meetings-answer", "count", facts.open),
        may_write: may_sell(&call),
        rows: facts.meetings.items.iter().map(row).collect(),
        next: facts.meetings.next.as_ref().map(next).unwrap_or_default(),
        first: if is_first { String::new() } else { "/meetings".to_owned() },
        findings: facts
            .findings
            .iter()
            .map(|finding| FindingRow::of(&call, facts.now, &facts.people, finding))
            .collect(),
        all_findings: findings_page::HERE,
    };
    call.page("meetings/index.html", &page)
}

struct Facts {
    meeting: Meeting,
    agenda: Agenda,
    decisions: Vec<Decision>,
    people: Vec<Person>,
    colleagues: Vec<Person>,
    named: BTreeMap<PersonId, Person>,
    now: DateTime<Utc>,
}

fn facts(tx: &mut Tx<'_>, id: MeetingId) -> Result<Facts, DbError> {
    let meeting = meetings::find(tx, id)?;
    let agenda = match &meeting.agenda {
        Some(kept) => kept.clone(),
        None => meetings::agenda(tx, &meeting)?,
    };
    let decisions = meetings::decisions(tx, id)?;
    let mut named = meeting.people.clone();
    named.extend(decisions.iter().filter_map(|decision| match &decision.decided {
        Decided::Todo(todo) => Some(todo.person_id),
        Decided::Finding(_) => None,
    }));
    Ok(Facts {
        named: persons::find_many(tx, &named)?,
        people: team::people(tx)?,
        colleagues: colleagues::list(tx)?,
        meeting,
        agenda,
        decisions,
        now: tx.now(),
    })
}

#[derive(Serialize)]
struct MeetingPage {
    title: String,
    crumbs: Vec<Crumb>,
    is_closed: bool,
    may_write: bool,
    people: String,
    minutes: String,
    agenda: AgendaView,
    decisions: Vec<DecisionRow>,
    version: i32,
    here: String,
    decide: String,
    choices: Vec<Choice>,
    colleagues: Vec<Choice>,
    /// Its day, people and minutes.
    form: FormView,
    decision_form: FormView,
    /// What somebody else saved while this was typed.
    differences: Vec<Difference>,
    /// What was typed into a meeting that was closed meanwhile: nothing of it was saved.
    unsaved: Vec<Unsaved>,
}

#[derive(Serialize)]
struct DecisionRow {
    title: String,
    href: String,
    is_todo: bool,
    is_done: bool,
    text: Vec<String>,
}

fn decision_row(call: &Call, facts: &Facts, decision: &Decision) -> DecisionRow {
    match &decision.decided {
        Decided::Todo(todo) => DecisionRow {
            title: todo.title.clone(),
            href: if may_sell(call) { paths::todo(todo.id) } else { String::new() },
            is_todo: true,
            is_done: todo.state.status() == sales::todos::TodoStatus::Done,
            text: vec![
                names(call, &facts.named, &[todo.person_id]),
                format::day_and_time(call.language, todo.due_on, todo.due_time),
            ],
        },
        Decided::Finding(finding) => DecisionRow {
            title: finding.title.clone(),
            href: findings_page::HERE.to_owned(),
            is_todo: false,
            is_done: finding.state.status() == FindingStatus::Settled,
            text: vec![call.text("finding-word")],
        },
    }
}

/// The form that came back, and which of the two it is.
#[derive(Clone, Copy)]
enum Returned<'a> {
    Nothing,
    Meeting(&'a Form, &'a Failure),
    Decision(&'a Form, &'a Failure),
}

impl Returned<'_> {
    /// Where somebody else saved while this was typed: field by field.
    fn differences(self, call: &Call, meeting: &Meeting, choices: &[Choice]) -> Vec<Difference> {
        let Self::Meeting(form, failure) = self else { return Vec::new() };
        if failure.code != Code::Stale {
            return Vec::new();
        }
        let (stands, typed) = (MeetingInput::from(meeting), input(form));
        let people = |input: &MeetingInput| {
            overtaken::chosen(choices, &input.people.iter().map(|id| id.0.clone()).collect::<Vec<_>>())
        };
        let fields = [
            Difference::of(call, "meeting-minutes-label", stands.minutes.as_str(), typed.minutes.as_str()),
            Difference::of(call, "meeting-held-on", stands.held_on.as_str(), typed.held_on.as_str()),
            Difference::of(call, "meeting-begins-at", stands.begins_at.as_str(), typed.begins_at.as_str()),
            Difference::of(call, "meeting-people", &people(&stands), &people(&typed)),
        ];
        fields.into_iter().flatten().collect()
    }

    /// What was typed into a meeting that is closed by now.
    fn unsaved(self, call: &Call, meeting: &Meeting) -> Vec<Unsaved> {
        let (label, text) = match self {
            Self::Meeting(form, _) => ("meeting-minutes-label", form.get("minutes")),
            Self::Decision(form, _) => ("decision-title", form.get("title")),
            Self::Nothing => return Vec::new(),
        };
        if meeting.closed_at.is_none() { Vec::new() } else { Unsaved::of(call, label, text, None) }
    }

    /// What the next save is based on: what stands now, where the page shows it beside what was typed, and what was read
    /// before, where something else was refused.
    fn version(self, meeting: &Meeting) -> i32 {
        match self {
            Self::Meeting(form, failure) if failure.code != Code::Stale => {
                form.version().unwrap_or(meeting.version)
            }
            _ => meeting.version,
        }
    }
}

/// Who may be ticked: those who may come, and those who were there and have left since.
fn choices(call: &Call, facts: &Facts) -> Vec<Choice> {
    let left = |id: &&PersonId| !facts.people.iter().any(|person| person.id == **id);
    let seated = facts.meeting.people.iter().filter(left).filter_map(|id| facts.named.get(id)).cloned();
    let people: Vec<Person> = facts.people.iter().cloned().chain(seated).collect();
    phrases::people(call.language, &people)
}

fn as_it_is(meeting: &Meeting) -> Form {
    let standing = MeetingInput::from(meeting);
    let form = Form::default()
        .preset("held_on", standing.held_on.as_str())
        .preset("begins_at", standing.begins_at.as_str())
        .preset("minutes", standing.minutes.as_str());
    meeting.people.iter().fold(form, |form, id| form.preset("people", id))
}

async fn page(call: &Call, id: MeetingId, returned: Returned<'_>) -> Result<HttpResponse, Failure> {
    let facts = call.db(move |tx| facts(tx, id)).await?;
    let meeting = &facts.meeting;
    let as_it_is = as_it_is(meeting);
    let fresh = Form::default().preset("kind", "todo").preset("person_id", call.person()?);
    let (status, form, decision_form) = match returned {
        Returned::Nothing => (StatusCode::OK, as_it_is.view(call, None), fresh.view(call, None)),
        Returned::Meeting(form, failure) => {
            (phrases::again(failure), form.view(call, Some(failure)), fresh.view(call, None))
        }
        Returned::Decision(form, failure) => {
            (failure.status(), as_it_is.view(call, None), form.view(call, Some(failure)))
        }
    };
    let choices = choices(call, &facts);
    let page = MeetingPage {
        title: format::day_and_time(call.language, meeting.held_on, meeting.begins_at),
        crumbs: crumbs(call),
        is_closed: meeting.closed_at.is_some(),
        may_write: may_sell(call),
        people: names(call, &facts.named, &meeting.people),
        minutes: meeting.minutes.clone(),
        agenda: AgendaView::of(call, facts.now, &facts.agenda),
        decisions: facts.decisions.iter().map(|decision| decision_row(call, &facts, decision)).collect(),
        version: returned.version(meeting),
        here: path(id),
        decide: format!("{}/decisions", path(id)),
        differences: returned.differences(call, meeting, &choices),
        unsaved: returned.unsaved(call, meeting),
        choices,
        colleagues: phrases::people(call.language, &facts.colleagues),
        form,
        decision_form,
    };
    call.page_with(status, "meetings/show.html", &page)
}

/// `GET /meetings/{id}`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    page(&call, call.id("id")?, Returned::Nothing).await
}

/// Which button of the form was pressed.
const CLOSE: &str = "close";

/// `POST /meetings/{id}`: saved, or saved and closed, as `step` says.
pub(crate) async fn update(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: MeetingId = call.id("id")?;
    let form = call.form();
    let (typed, version) = (input(&form), form.version()?);
    let closes = form.get("step") == CLOSE;
    let save = move |tx: &mut Tx<'_>| -> Result<Meeting, MeetingError> {
        let saved = meetings::change(tx, id, version, &typed)?;
        // What was typed is part of what is closed.
        if closes { meetings::close(tx, id, saved.version) } else { Ok(saved) }
    };
    match call.db(save).await {
        Ok(_saved) => Ok(call.done(path(id), if closes { "done-meeting-closed" } else { "done-saved" })),
        Err(failure) if failure.is_about_input() => {
            if closes && is_closed_so(&call, id, input(&form)).await? {
                return Ok(call.noted(path(id), "done-meeting-closed"));
            }
            page(&call, id, Returned::Meeting(&form, &failure)).await
        }
        Err(failure) => Err(failure),
    }
}

/// Whether a meeting is closed with these very minutes: the button was pressed twice.
async fn is_closed_so(call: &Call, id: MeetingId, typed: MeetingInput) -> Result<bool, Failure> {
    let meeting = call.db(move |tx| meetings::find(tx, id)).await?;
    let is_same =
        Difference::of(call, "meeting-minutes-label", &meeting.minutes, typed.minutes.as_str()).is_none();
    Ok(meeting.closed_at.is_some() && is_same)
}

/// `POST /meetings/{id}/decisions`
pub(crate) async fn decide(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: MeetingId = call.id("id")?;
    let form = call.form();
    let input: DecisionInput = form.input()?;
    match call.once(&form, move |tx| meetings::decide(tx, id, &input).map(|_decided| path(id))).await {
        Ok(page) => Ok(call.done(page, "done-decided")),
        Err(failure) if failure.is_about_input() => {
            page(&call, id, Returned::Decision(&form, &failure)).await
        }
        Err(failure) => Err(failure),
    }
}
