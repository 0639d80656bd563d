//! `GET` and `POST /jobs/{id}/rules`: every wording with what changed, and the next one.

use std::collections::HashMap;
use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use db::{DbError, Tx};
use fulfillment::claims;
use fulfillment::jobs::{self, Job, JobState};
use fulfillment::orders::{self, Order, OrderState};
use fulfillment::rules::{self, RulesInput, RulesKey, WorkRules};
use kernel::{Code, JobId, Language, Page, Paging, PersonId, Typed};
use serde::{Deserialize, Serialize};

use super::version_name;
use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::forms::{Form, FormView};
use crate::orders::parts::{self, When};
use crate::overtaken::Difference;
use crate::paths;
use crate::phrases::{address, again};
use crate::review::changes::Changes;
use crate::shell::Crumb;

/// How many versions a page shows.
const ROWS: u16 = 20;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Query {
    after: Typed,
}

struct Facts {
    job: Job,
    order: Order,
    versions: Page<WorkRules, RulesKey>,
    /// The one before the last shown, to compare with.
    before: Option<WorkRules>,
    names: HashMap<PersonId, String>,
    holders: i64,
}

fn facts(
    tx: &mut Tx<'_>,
    id: JobId,
    paging: &Paging<RulesKey>,
    language: Language,
) -> Result<Facts, DbError> {
    let job = jobs::find(tx, id)?;
    let versions = rules::of_job(tx, id, paging)?;
    let last = versions.items.last().map(|version| version.number - 1).filter(|number| *number >= 1);
    Ok(Facts {
        order: orders::find(tx, job.order_id)?,
        before: last.map(|number| rules::find(tx, id, number)).transpose()?,
        names: parts::people(tx, language, versions.items.iter().filter_map(|version| version.changed_by))?,
        holders: claims::holders(tx, id)?,
        versions,
        job,
    })
}

#[derive(Serialize)]
struct RulesPage {
    title: String,
    crumbs: Vec<Crumb>,
    answer: String,
    /// Two people look at each version; empty where one does.
    levels: String,
    here: String,
    /// Who is told, in words; empty where nobody has any of the work.
    told: String,
    may_change: bool,
    based_on: i32,
    form: FormView,
    differences: Vec<Difference>,
    rows: Vec<Row>,
    next: String,
    first: String,
}

#[derive(Serialize)]
struct Row {
    title: String,
    who: String,
    when: When,
    note: String,
    /// The question whose answer it adds; empty where somebody wrote it.
    question: String,
    /// The whole wording, of the first version alone: the others are told by what changed.
    text: String,
    changes: Option<Changes>,
}

fn row(call: &Call, facts: &Facts, version: &WorkRules, before: Option<&WorkRules>) -> Row {
    let who = version.changed_by.and_then(|who| facts.names.get(&who)).cloned();
    Row {
        title: version_name(call, version.number),
        who: who.unwrap_or_default(),
        when: When::of(call.language, version.changed_at),
        note: version.note.clone(),
        question: version.question_id.map(paths::question).unwrap_or_default(),
        text: if before.is_none() { version.text.clone() } else { String::new() },
        changes: before.map(|before| Changes::of_texts(&before.text, &version.text)),
    }
}

fn page(call: &Call, facts: &Facts, typed: Option<&Form>, failure: Option<&Failure>) -> RulesPage {
    let job = &facts.job;
    let here = format!("{}/rules", paths::job(job.id));
    let stored = Form::default().preset("rules", &job.rules);
    let overtaken = typed.filter(|_| failure.is_some_and(|failure| failure.code == Code::Stale));
    let older = facts.versions.items.iter().skip(1).chain(&facts.before).map(Some);
    let pairs = facts.versions.items.iter().zip(older.chain(std::iter::once(None)));
    RulesPage {
        title: call.text("rules-title"),
        crumbs: vec![
            Crumb::new(call, "nav-orders", "/orders"),
            Crumb::named(&facts.order.title, paths::order(facts.order.id)),
            Crumb::named(&job.title, paths::job(job.id)),
        ],
        answer: parts::say(call, "rules-answer", &[("version", version_name(call, job.rules_number))]),
        levels: super::levels(call, job.review_levels),
        told: if facts.holders > 0 {
            parts::say_count(call, "rules-told", facts.holders)
        } else {
            String::new()
        },
        may_change: job.state != JobState::Closed
            && matches!(facts.order.state, OrderState::Draft | OrderState::Running),
        based_on: job.rules_number,
        form: typed.unwrap_or(&stored).view(call, failure),
        differences: overtaken
            .and_then(|form| Difference::of(call, "jobs-field-rules", &job.rules, form.get("rules")))
            .into_iter()
            .collect(),
        rows: pairs.map(|(version, before)| row(call, facts, version, before)).collect(),
        next: facts
            .versions
            .next
            .as_ref()
            .map(|key| address(&here, &[("after", &format::page_key(key))]))
            .unwrap_or_default(),
        first: String::new(),
        here,
    }
}

async fn render(
    call: &Call,
    id: JobId,
    typed: Option<&Form>,
    failure: Option<&Failure>,
) -> Result<HttpResponse, Failure> {
    let query: Query = call.query();
    let after = format::read_page_key::<RulesKey>(query.after.as_str());
    let (language, paging) = (call.language, Paging { after, ..Paging::first(ROWS) });
    let facts = call.db(move |tx| facts(tx, id, &paging, language)).await?;
    let mut page = page(call, &facts, typed, failure);
    if after.is_some() {
        page.first.clone_from(&page.here);
    }
    call.page_with(failure.map_or(StatusCode::OK, again), "work_rules/show.html", &page)
}

/// `GET /jobs/{id}/rules`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    render(&call, call.id("id")?, None, None).await
}

/// `POST /jobs/{id}/rules`
pub(crate) async fn change(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: JobId = call.id("id")?;
    let form = call.form();
    let input: RulesInput = form.input()?;
    let seen = form.get("based_on").to_owned();
    match call.db(move |tx| rules::change(tx, id, &input)).await {
        Ok(kept) if kept.number.to_string() == seen => {
            Ok(call.noted(format!("{}/rules", paths::job(id)), "done-rules-same"))
        }
        Ok(_changed) => Ok(call.done(format!("{}/rules", paths::job(id)), "done-rules-changed")),
        Err(failure) if failure.is_about_input() => render(&call, id, Some(&form), Some(&failure)).await,
        Err(failure) => Err(failure),
    }
}
