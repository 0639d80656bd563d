//! The list of leads by state, and one lead with its next steps.

use std::collections::BTreeMap;
use std::rc::Rc;

use ::files::StoredFile;
use accounts::{Person, persons};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use chrono::{DateTime, Datelike as _, Days, NaiveDate, Utc};
use db::{DbError, Tx};
use fluent_bundle::FluentArgs;
use kernel::{Code, LeadId, Page as KeyedPage, Paging, PersonId, Typed, date_in_japan};
use sales::About;
use sales::activities::{ActivityKind, Outcome};
use sales::leads::{
    self, ContactedInput, DisqualifiedReason, DisqualifyInput, LateKey, Lead, LeadContact, LeadKey,
    LeadState, LeadStatus, TurnKey,
};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::{StateChip, crumbs, step};
use crate::activities::pages::icon;
use crate::call::Call;
use crate::failure::Failure;
use crate::format::{self, Due, Moment};
use crate::forms::{Form, FormView};
use crate::hearings::pages::Sample;
use crate::overtaken::Unsaved;
use crate::paths;
use crate::phrases::{self, Choice, counted, word};
use crate::shell::Crumb;
use crate::todos::new_about;

/// How many leads a page shows.
const ROWS: u16 = 30;
/// In how many days the next action is due unless the person says otherwise.
const NEXT_IN: Days = Days::new(7);

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct LeadsQuery {
    state: Typed,
    after: Typed,
}

#[derive(Serialize)]
struct ListPage {
    title: String,
    /// How many wait, in a sentence.
    answer: String,
    tabs: Vec<Tab>,
    rows: Vec<Row>,
    shown: usize,
    next: String,
    first: String,
    /// Whether rows can be chosen to be changed together: what has come to its end stays as it is.
    may_tick: bool,
    /// Where the same list is written out.
    export: String,
}

#[derive(Serialize)]
struct Tab {
    label: String,
    href: String,
    current: bool,
    count: String,
}

#[derive(Serialize)]
struct Row {
    id: String,
    /// Its id, for whoever ticks it.
    number: LeadId,
    href: String,
    name: String,
    need: String,
    source: String,
    /// When they asked, or were entered.
    asked: String,
    state: StateChip,
    /// By when they were promised an answer, while nobody has answered.
    answer_by: Option<Due>,
}

impl Row {
    fn of(call: &Call, now: DateTime<Utc>, lead: &Lead) -> Self {
        Self {
            answer_by: unanswered(lead).map(|day| format::due(call.language, now, day)),
            id: format!("lead-{}", lead.id),
            number: lead.id,
            href: paths::lead(lead.id),
            name: lead.company_name.clone(),
            need: lead.need.lines().next().unwrap_or_default().to_owned(),
            source: word(call, "lead-source", lead.source),
            asked: asked(call, now, lead),
            state: StateChip::of(call, lead.state.status()),
        }
    }
}

/// When they asked, or were entered; with its year where that is over.
fn asked(call: &Call, now: DateTime<Utc>, lead: &Lead) -> String {
    let day = lead.asked_on.unwrap_or(date_in_japan(lead.created_at));
    let is_of_this_year = day.year() == date_in_japan(now).year();
    if is_of_this_year {
        format::short_date(call.language, day)
    } else {
        format::full_date(call.language, day)
    }
}

/// The promised day of a lead that nobody has answered.
fn unanswered(lead: &Lead) -> Option<NaiveDate> {
    lead.answer_by.filter(|_day| lead.state.status() == LeadStatus::New)
}

/// How one gets in touch with a lead.
const WAYS: [ActivityKind; 4] =
    [ActivityKind::Call, ActivityKind::Mail, ActivityKind::Visit, ActivityKind::Meeting];

/// The word for the leads that wait longer than was promised.
const LATE: &str = "late";

/// `GET /leads`: new ones unless another state, those overdue, or `all` is asked for. Those that wait for an answer are in
/// the order in which it is due.
pub(crate) async fn index(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let query: LeadsQuery = call.query();
    let (asked, after) = (query.state.as_str(), query.after.as_str());
    let new = LeadStatus::New;
    let state = if asked == "all" { None } else { Some(asked.parse().unwrap_or(new)) };
    if asked == LATE {
        let export = phrases::address("/exports/leads", &[("late", "yes")]);
        return listed::<LateKey>(&call, (LATE, export), after, leads::late).await;
    }
    let name = state.map_or("all", LeadStatus::as_str);
    let export = phrases::address("/exports/leads", &[("state", state.map_or("", LeadStatus::as_str))]);
    if state == Some(new) {
        return listed::<TurnKey>(&call, (name, export), after, leads::in_turn).await;
    }
    let read = move |tx: &mut Tx<'_>, paging: &Paging<LeadKey>| leads::list(tx, state, paging);
    listed(&call, (name, export), after, read).await
}

/// The page after `after` of a list by its name, and where it is written out as a file.
async fn listed<K: Serialize + DeserializeOwned + Send + 'static>(
    call: &Call,
    (name, export): (&'static str, String),
    after: &str,
    read: impl FnOnce(&mut Tx<'_>, &Paging<K>) -> Result<KeyedPage<Lead, K>, DbError> + Send + 'static,
) -> Result<HttpResponse, Failure> {
    let after = format::read_page_key::<K>(after);
    let is_first = after.is_none();
    let (page, counts, now) = call
        .db(move |tx| -> Result<_, DbError> {
            let paging = Paging { after, ..Paging::first(ROWS) };
            Ok((read(tx, &paging)?, Counts::read(tx)?, tx.now()))
        })
        .await?;
    let next = page.next.map(|key| format::page_key(&key));
    let list = List { name, items: page.items, next, is_first, export };
    let (key, count) =
        if name == LATE { ("leads-answer-late", counts.late) } else { ("leads-answer", counts.waiting) };
    list_page(call, list, &counts, counted(call, key, "count", count), now)
}

/// How many leads wait for a first word, and how many of them for longer than was promised.
struct Counts {
    waiting: i64,
    late: i64,
}

impl Counts {
    fn read(tx: &mut Tx<'_>) -> Result<Self, DbError> {
        Ok(Self { waiting: leads::waiting(tx)?, late: leads::late_count(tx)? })
    }
}

/// A page of leads and the word its list goes by in addresses.
struct List {
    name: &'static str,
    items: Vec<Lead>,
    next: Option<String>,
    is_first: bool,
    /// Where the list is written out as a file.
    export: String,
}

fn list_page(
    call: &Call,
    list: List,
    counts: &Counts,
    answer: String,
    now: DateTime<Utc>,
) -> Result<HttpResponse, Failure> {
    let here = |after: &str| phrases::address("/leads", &[("state", list.name), ("after", after)]);
    let page = ListPage {
        title: call.text("nav-leads"),
        answer,
        tabs: tabs(call, list.name, counts),
        shown: list.items.len(),
        rows: list.items.iter().map(|lead| Row::of(call, now, lead)).collect(),
        next: list.next.map(|key| here(&key)).unwrap_or_default(),
        first: if list.is_first { String::new() } else { here("") },
        may_tick: !matches!(list.name, "converted" | "disqualified"),
        export: list.export,
    };
    call.page("leads/index.html", &page)
}

fn tabs(call: &Call, now: &str, counts: &Counts) -> Vec<Tab> {
    let tab = |name: &str, label: String, count: String| Tab {
        label,
        href: phrases::address("/leads", &[("state", name)]),
        current: now == name,
        count,
    };
    let of_state = |state: &LeadStatus| {
        let count = if *state == LeadStatus::New { format::count(counts.waiting) } else { String::new() };
        tab(state.as_str(), word(call, "lead-state", state), count)
    };
    let mut tabs: Vec<Tab> = LeadStatus::ALL.iter().map(of_state).collect();
    tabs.insert(1, tab(LATE, call.text("leads-late"), format::count(counts.late)));
    tabs.push(tab("all", call.text("leads-all"), String::new()));
    tabs
}

struct Facts {
    lead: Lead,
    owner: Option<Person>,
    contacts: Vec<LeadContact>,
    people: BTreeMap<PersonId, Person>,
    samples: Vec<StoredFile>,
    /// Whether somebody at their number has refused to be called.
    refuses_calls: bool,
    now: DateTime<Utc>,
}

fn facts(tx: &mut Tx<'_>, id: LeadId) -> Result<Facts, DbError> {
    let lead = leads::find(tx, id)?;
    let owner = match lead.owner_id {
        Some(owner) => Some(persons::find(tx, owner)?),
        None => None,
    };
    let contacts = leads::contacts_of(tx, id)?;
    let named: Vec<PersonId> = contacts.iter().map(|contact| contact.person_id).collect();
    let people = persons::find_many(tx, &named)?;
    let samples = leads::samples(tx, id)?;
    let refuses_calls = !clients::contacts::refused_phones(tx, [lead.phone.as_str()])?.is_empty();
    Ok(Facts { lead, owner, contacts, people, samples, refuses_calls, now: tx.now() })
}

#[derive(Serialize)]
pub(crate) struct ContactedRow {
    what: String,
    icon: &'static str,
    note: String,
    who: String,
    at: Moment,
}

impl ContactedRow {
    /// In the reader's words.
    pub(crate) fn of(
        call: &Call,
        now: DateTime<Utc>,
        people: &BTreeMap<PersonId, Person>,
        contact: LeadContact,
    ) -> Self {
        let kind = word(call, "activity-kind", contact.kind);
        let outcome = word(call, "activity-outcome", contact.outcome);
        Self {
            what: phrases::said(call, "activity-what", [("kind", &kind), ("outcome", &outcome)]),
            icon: icon(contact.kind),
            note: contact.note,
            who: people.get(&contact.person_id).map(|one| one.name_in(call.language)).unwrap_or_default(),
            at: Moment::of(call.language, now, contact.happened_at),
        }
    }
}

#[derive(Serialize)]
struct Next {
    action: String,
    due: Due,
}

#[derive(Serialize)]
struct LeadPage {
    title: String,
    crumbs: Vec<Crumb>,
    state: StateChip,
    is_alive: bool,
    is_new: bool,
    contact_name: String,
    email: String,
    phone: String,
    /// What a `tel:` link dials; empty where there is no number, or somebody there has refused to be called.
    dial: String,
    refuses_calls: bool,
    source: String,
    /// The language they wrote in; empty for a lead that somebody of the town entered.
    language: String,
    need: String,
    /// What came with it.
    samples: Vec<Sample>,
    owner: String,
    /// The day on which they first turned to us; empty where nobody said so.
    asked_on: String,
    entered: String,
    contacted: String,
    /// By when they were promised an answer, while nobody has answered.
    answer_by: Option<Due>,
    /// How long they waited in business hours; empty while they wait or where nothing was promised.
    answered_after: String,
    next: Option<Next>,
    contacts: Vec<ContactedRow>,
    kinds: Vec<Choice>,
    outcomes: Vec<Choice>,
    notes: String,
    todo_new: String,
    closed_reason: String,
    closed_note: String,
    /// Whether it was closed and nobody ever got in touch.
    closed_unanswered: bool,
    company: Option<String>,
    deal: Option<String>,
    version: i32,
    contact: String,
    edit: String,
    convert: String,
    disqualify: String,
    reasons: Vec<Choice>,
    form: FormView,
    /// What was typed about a lead that is closed by now.
    unsaved: Vec<Unsaved>,
}

fn lead_page(call: &Call, facts: Facts, form: &Form, failure: Option<&Failure>) -> LeadPage {
    let Facts { lead, owner, contacts, people, samples, refuses_calls, now } = facts;
    let status = lead.state.status();
    let is_alive = matches!(status, LeadStatus::New | LeadStatus::Contacted);
    let (deal, closed_reason, closed_note) = match &lead.state {
        LeadState::Converted { deal_id, .. } => (Some(paths::deal(*deal_id)), String::new(), String::new()),
        LeadState::Disqualified { disqualified_reason, disqualified_note, .. } => {
            (None, word(call, "lead-reason", disqualified_reason), disqualified_note.clone())
        }
        LeadState::New | LeadState::Contacted => (None, String::new(), String::new()),
    };
    LeadPage {
        answer_by: unanswered(&lead).map(|day| format::due_on(call.language, now, day)),
        answered_after: answered_after(call, &lead),
        closed_unanswered: lead.closed_unanswered(),
        title: lead.company_name,
        crumbs: crumbs(call),
        state: StateChip::of(call, status),
        is_alive,
        is_new: status == LeadStatus::New,
        contact_name: lead.contact_name,
        email: lead.email.map(|email| email.to_string()).unwrap_or_default(),
        dial: if refuses_calls { String::new() } else { phrases::dial(&lead.phone) },
        refuses_calls,
        phone: lead.phone,
        source: word(call, "lead-source", lead.source),
        language: lead.inquired_in.map(|own| word(call, "contact-language", own)).unwrap_or_default(),
        need: lead.need,
        samples: Sample::all(&samples),
        owner: owner.map(|person| person.name_in(call.language)).unwrap_or_default(),
        asked_on: lead.asked_on.map(|day| format::full_date(call.language, day)).unwrap_or_default(),
        entered: format::full_date(call.language, date_in_japan(lead.created_at)),
        contacted: lead.contacted_at.map(|at| format::moment(call.language, at)).unwrap_or_default(),
        closed_reason,
        closed_note,
        next: lead.next.map(|next| Next {
            due: format::due(call.language, now, next.next_action_on),
            action: next.next_action,
        }),
        contacts: contacts.into_iter().map(|contact| ContactedRow::of(call, now, &people, contact)).collect(),
        kinds: phrases::choices(call, "activity-kind", &WAYS),
        outcomes: phrases::choices(call, "activity-outcome", Outcome::ALL),
        notes: step(lead.id, "notes"),
        todo_new: new_about(About::Lead(lead.id)),
        company: lead.company_id.map(paths::company),
        deal,
        version: lead.version,
        contact: step(lead.id, "contact"),
        edit: step(lead.id, "edit"),
        convert: step(lead.id, "convert"),
        disqualify: step(lead.id, "disqualify"),
        reasons: phrases::choices(call, "lead-reason", DisqualifiedReason::ALL),
        unsaved: if is_alive {
            Vec::new()
        } else {
            Unsaved::of(call, "activity-note", form.get("note"), Some(step(lead.id, "notes")))
        },
        form: form.view(call, failure),
    }
}

/// How long whoever asked waited, and whether the promise was kept.
fn answered_after(call: &Call, lead: &Lead) -> String {
    let (Some(waited), Some(promised)) = (lead.answered_after(), lead.answer_by) else {
        return String::new();
    };
    let kept = lead.contacted_at.is_some_and(|at| date_in_japan(at) <= promised);
    let mut args = FluentArgs::new();
    args.set("hours", waited.num_hours());
    args.set("minutes", waited.num_minutes() % 60);
    let text = call.app.texts.get(call.language, "lead-answered-after", &args);
    if kept { text } else { format!("{text}{}", call.text("lead-answered-late")) }
}

/// `GET /leads/{id}`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: LeadId = call.id("id")?;
    let facts = call.db(move |tx| facts(tx, id)).await?;
    let form = Form::default().preset("next_action_on", date_in_japan(facts.now) + NEXT_IN);
    call.page("leads/show.html", &lead_page(&call, facts, &form, None))
}

/// The lead again, as it is now, with what was refused.
pub(crate) async fn show_again(
    call: &Call,
    id: LeadId,
    form: &Form,
    failure: &Failure,
) -> Result<HttpResponse, Failure> {
    let facts = call.db(move |tx| facts(tx, id)).await?;
    let status: StatusCode = phrases::again(failure);
    call.page_with(status, "leads/show.html", &lead_page(call, facts, form, Some(failure)))
}

/// The way to the lead, where the step that was asked for has brought it to `state` before.
async fn already(
    call: &Call,
    id: LeadId,
    state: LeadStatus,
    key: &'static str,
) -> Result<Option<HttpResponse>, Failure> {
    let lead = call.db(move |tx| leads::find(tx, id)).await?;
    Ok((lead.state.status() == state).then(|| call.noted(paths::lead(id), key)))
}

/// Whether the last contact is this very one, logged by the same person.
async fn is_logged(call: &Call, id: LeadId, input: ContactedInput) -> Result<bool, Failure> {
    let person = call.person()?;
    let contacts = call.db(move |tx| leads::contacts_of(tx, id)).await?;
    Ok(contacts.first().is_some_and(|last| {
        last.person_id == person
            && last.outcome.as_str() == input.outcome.as_str().trim()
            && last.note.lines().map(str::trim).eq(input.note.as_str().trim().lines().map(str::trim))
    }))
}

/// `POST /leads/{id}/contact`
pub(crate) async fn contact(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: LeadId = call.id("id")?;
    let form = call.form();
    let (input, version) = (form.input::<ContactedInput>()?, form.version()?);
    let sent = input.clone();
    match call.db(move |tx| leads::contact(tx, id, version, input)).await {
        Ok(lead) => Ok(call.done(paths::lead(lead.id), "done-activity-logged")),
        Err(failure) if failure.code == Code::Stale && is_logged(&call, id, sent).await? => {
            Ok(call.noted(paths::lead(id), "done-activity-already-logged"))
        }
        Err(failure) if failure.is_about_input() => show_again(&call, id, &form, &failure).await,
        Err(failure) => Err(failure),
    }
}

/// `POST /leads/{id}/disqualify`
pub(crate) async fn disqualify(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: LeadId = call.id("id")?;
    let form = call.form();
    let (input, version) = (form.input::<DisqualifyInput>()?, form.version()?);
    match call.db(move |tx| leads::disqualify(tx, id, version, input)).await {
        Ok(lead) => Ok(call.done(paths::lead(lead.id), "done-lead-disqualified")),
        Err(failure) if failure.is_about_input() => {
            match already(&call, id, LeadStatus::Disqualified, "done-lead-already-disqualified").await? {
                Some(settled) => Ok(settled),
                None => show_again(&call, id, &form, &failure).await,
            }
        }
        Err(failure) => Err(failure),
    }
}
