//! `/appeals`: refusals whose makers ask for another reviewer's word, and that word.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use ::files::StoredFile;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use fulfillment::appeals::{self, AppealId, AppealKey, AppealOutcome, DecideAppealInput, OpenAppeal};
use fulfillment::reviews::Verdict;
use fulfillment::rules;
use fulfillment::submissions::{self, Version};
use kernel::{FileId, Language, Page, Paging, PersonId};
use serde::Serialize;

use crate::call::Call;
use crate::failure::Failure;
use crate::format::{self, Due};
use crate::forms::{Form, FormView, PageQuery};
use crate::orders::parts::{self, Choice, When};
use crate::phrases::address;
use crate::review::versions::{self, VersionRow};
use crate::shell::Crumb;
use crate::words::outcome_key;

/// How many a page shows.
const ROWS: u16 = 50;

#[derive(Serialize)]
struct ListPage {
    title: String,
    crumbs: Vec<Crumb>,
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
    maker: String,
    due: Due,
    /// The reader refused it or sent it back, so another reviewer decides.
    is_own: bool,
    /// That, in words.
    own: String,
    /// It was sent back, and not refused.
    is_return: bool,
}

struct Facts {
    now: DateTime<Utc>,
    open: Page<OpenAppeal, AppealKey>,
    count: i64,
    people: HashMap<PersonId, String>,
}

fn facts(tx: &mut Tx<'_>, paging: &Paging<AppealKey>, language: Language) -> Result<Facts, DbError> {
    let open = appeals::waiting(tx, paging)?;
    let people = parts::people(tx, language, open.items.iter().map(|open| open.appeal.appellant_id))?;
    Ok(Facts { now: tx.now(), open, count: appeals::count_open(tx)?, people })
}

/// `GET /appeals`
pub(crate) async fn index(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let after = format::read_page_key::<AppealKey>(call.query::<PageQuery>().after.as_str());
    let (language, paging, reader) = (call.language, Paging { after, ..Paging::first(ROWS) }, call.person()?);
    let facts = call.db(move |tx| facts(tx, &paging, language)).await?;
    let here = |key: &str| address("/appeals", &[("after", key)]);
    let row = |open: &OpenAppeal| Row {
        id: format!("appeal-{}", open.appeal.id),
        label: parts::unit_name(&call, &open.job_title, &open.label),
        href: format!("/appeals/{}", open.appeal.id),
        maker: facts.people.get(&open.appeal.appellant_id).cloned().unwrap_or_default(),
        due: format::due(language, facts.now, open.appeal.decide_by),
        is_own: open.first_checker == reader,
        own: call.text(if open.against == Verdict::Return { "appeals-own-return" } else { "appeals-own" }),
        is_return: open.against == Verdict::Return,
    };
    let page = ListPage {
        title: call.text("appeals-title"),
        crumbs: vec![Crumb::new(&call, "nav-review", "/review")],
        answer: match facts.count {
            0 => String::new(),
            count => parts::say_count(&call, "appeals-answer", count),
        },
        rows: facts.open.items.iter().map(row).collect(),
        next: facts.open.next.as_ref().map(|key| here(&format::page_key(key))).unwrap_or_default(),
        first: if after.is_some() { here("") } else { String::new() },
    };
    call.page("appeals/index.html", &page)
}

struct OneFacts {
    now: DateTime<Utc>,
    open: OpenAppeal,
    version: Version,
    rules: String,
    people: HashMap<PersonId, String>,
    files: BTreeMap<FileId, StoredFile>,
}

fn one(tx: &mut Tx<'_>, id: AppealId, language: Language) -> Result<OneFacts, DbError> {
    let open = appeals::find(tx, id)?;
    let all = submissions::of_unit(tx, open.appeal.unit_id)?;
    let refused = all.into_iter().find(|version| version.submission.id == open.appeal.submission_id);
    let version = refused.ok_or(DbError::NotFound)?;
    let known = version.submission.rules_number;
    let rules = match known {
        Some(number) => rules::find(tx, open.job_id, number)?,
        None => rules::newest(tx, open.job_id)?,
    };
    let shown = std::slice::from_ref(&version);
    let named = versions::people(shown).into_iter().chain(open.appeal.decided_by);
    Ok(OneFacts {
        now: tx.now(),
        people: parts::people(tx, language, named)?,
        files: versions::files(tx, shown)?,
        rules: rules.text,
        version,
        open,
    })
}

#[derive(Serialize)]
struct OnePage {
    title: String,
    crumbs: Vec<Crumb>,
    answer: String,
    due: Due,
    action: String,
    unit_href: String,
    text: String,
    when: When,
    rules: String,
    version: VersionRow,
    /// The reader refused or made it: another reviewer decides.
    is_own: bool,
    /// What came of it, in words; empty while it waits.
    decided: String,
    decided_by: String,
    comment: String,
    outcomes: Vec<Choice>,
    /// It was sent back, and not refused.
    is_return: bool,
    /// What is wanted may be paid anew, or be due on another day.
    may_change: bool,
    form: FormView,
}

/// What may be decided, as the unit stands now.
fn outcomes(call: &Call, open: &OpenAppeal) -> Vec<Choice> {
    let possible = AppealOutcome::possible(open.against, open.is_with_maker);
    let word = |outcome: &AppealOutcome| {
        Choice::new(outcome, call.text(&outcome_key("appeal-outcome", open.against, *outcome)))
    };
    possible.iter().map(word).collect()
}

async fn render(
    call: &Call,
    id: AppealId,
    form: &Form,
    failure: Option<&Failure>,
) -> Result<HttpResponse, Failure> {
    let (language, reader) = (call.language, call.person()?);
    let facts = call.db(move |tx| one(tx, id, language)).await?;
    let OneFacts { open, version, .. } = &facts;
    let appeal = &open.appeal;
    let rows = versions::rows(call, std::slice::from_ref(version), &facts.people, &facts.files);
    let label = parts::unit_name(call, &open.job_title, &open.label);
    let page = OnePage {
        title: call.text(if appeal.outcome.is_some() { "appeals-one-decided" } else { "appeals-one" }),
        crumbs: vec![Crumb::new(call, "appeals-title", "/appeals")],
        answer: parts::say(
            call,
            if appeal.outcome.is_some() { "appeals-one-answer-decided" } else { "appeals-one-answer" },
            &[("label", label)],
        ),
        due: format::due(language, facts.now, appeal.decide_by),
        action: format!("/appeals/{id}"),
        unit_href: format!("/units/{}", appeal.unit_id),
        text: appeal.text.clone(),
        when: When::of(language, appeal.appealed_at),
        rules: facts.rules.clone(),
        version: rows.into_iter().next().ok_or_else(Failure::not_found)?,
        is_own: open.first_checker == reader || appeal.appellant_id == reader,
        decided: appeal.outcome.map_or_else(String::new, |outcome| {
            call.text(&outcome_key("appeal-outcome", open.against, outcome))
        }),
        decided_by: appeal.decided_by.and_then(|id| facts.people.get(&id).cloned()).unwrap_or_default(),
        comment: appeal.comment.clone(),
        outcomes: outcomes(call, open),
        is_return: open.against == Verdict::Return,
        may_change: open.against == Verdict::Return && open.is_with_maker,
        form: form.view(call, failure),
    };
    call.page_with(failure.map_or(StatusCode::OK, Failure::status), "appeals/show.html", &page)
}

/// `GET /appeals/{id}`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    render(&call, call.id("id")?, &Form::default(), None).await
}

/// `POST /appeals/{id}`
pub(crate) async fn decide(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: AppealId = call.id("id")?;
    let form = call.form();
    let input: DecideAppealInput = form.input()?;
    match call.db(move |tx| appeals::decide(tx, id, &input)).await {
        Ok(_decided) => Ok(call.done("/appeals", "done-appeals-decided")),
        Err(failure) if parts::stays(&failure) => render(&call, id, &form, Some(&failure)).await,
        Err(failure) => Err(failure),
    }
}
