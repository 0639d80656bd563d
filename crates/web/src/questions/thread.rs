//! `GET` and `POST /jobs/{id}/questions`: a job's thread with names, and asking in it.

use std::collections::HashMap;
use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use fulfillment::jobs::{self, Job, JobState};
use fulfillment::orders::{self, Order};
use fulfillment::questions::{self, AskInput, Question, QuestionId, QuestionKey};
use kernel::{JobId, Language, Page, Paging, PersonId, Typed};
use serde::{Deserialize, Serialize};

use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::forms::{Form, FormView};
use crate::orders::parts::{self, When};
use crate::paths;
use crate::phrases::address;
use crate::shell::Crumb;
use crate::work_rules::version_name;

/// How many questions a page shows.
const ROWS: u16 = 20;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Query {
    after: Typed,
}

struct Facts {
    now: DateTime<Utc>,
    job: Job,
    order: Order,
    page: Page<Question, QuestionKey>,
    waiting: i64,
    names: HashMap<PersonId, String>,
}

fn facts(
    tx: &mut Tx<'_>,
    id: JobId,
    paging: &Paging<QuestionKey>,
    language: Language,
) -> Result<Facts, DbError> {
    let job = jobs::find(tx, id)?;
    let page = questions::of_job(tx, id, paging)?;
    Ok(Facts {
        now: tx.now(),
        order: orders::find(tx, job.order_id)?,
        waiting: questions::count_of_job(tx, id)?,
        names: parts::people(tx, language, named(&page.items))?,
        page,
        job,
    })
}

#[derive(Serialize)]
struct ThreadPage {
    title: String,
    crumbs: Vec<Crumb>,
    answer: String,
    here: String,
    /// The job is over: nobody asks about it any more.
    is_over: bool,
    form: FormView,
    rows: Vec<Row>,
    next: String,
    first: String,
}

/// A question with names.
#[derive(Serialize)]
pub(super) struct Row {
    id: QuestionId,
    /// Where it is answered.
    href: String,
    text: String,
    who: String,
    when: When,
    until: When,
    is_open: bool,
    is_late: bool,
    answers: Vec<AnswerRow>,
    /// Which version of the rules says it; empty where none does.
    rule: String,
}

#[derive(Serialize)]
struct AnswerRow {
    text: String,
    who: String,
    when: When,
}

/// A job's thread.
pub(crate) fn path(job: JobId) -> String {
    format!("{}/questions", paths::job(job))
}

impl Row {
    pub(super) fn of(
        call: &Call,
        now: DateTime<Utc>,
        question: &Question,
        names: &HashMap<PersonId, String>,
    ) -> Self {
        let name = |person: PersonId| names.get(&person).cloned().unwrap_or_default();
        let is_open = question.answered_at.is_none();
        let answer = |one: &questions::Answer| AnswerRow {
            text: one.text.clone(),
            who: name(one.answered_by),
            when: When::of(call.language, one.answered_at),
        };
        Self {
            id: question.id,
            href: paths::question(question.id),
            text: question.text.clone(),
            who: name(question.asked_by),
            when: When::of(call.language, question.asked_at),
            until: When::of(call.language, question.answer_by),
            is_open,
            is_late: is_open && question.answer_by <= now,
            answers: question.answers.iter().map(answer).collect(),
            rule: question.rules_number.map_or_else(String::new, |number| {
                parts::say(call, "questions-is-rule", &[("version", version_name(call, number))])
            }),
        }
    }
}

/// Everybody a page about some questions names.
pub(super) fn named(questions: &[Question]) -> Vec<PersonId> {
    let answered = questions.iter().flat_map(|one| one.answers.iter().map(|answer| answer.answered_by));
    questions.iter().map(|one| one.asked_by).chain(answered).collect()
}

async fn render(
    call: &Call,
    id: JobId,
    form: &Form,
    failure: Option<&Failure>,
) -> Result<HttpResponse, Failure> {
    let query: Query = call.query();
    let after = format::read_page_key::<QuestionKey>(query.after.as_str());
    let (language, paging) = (call.language, Paging { after, ..Paging::first(ROWS) });
    let facts = call.db(move |tx| facts(tx, id, &paging, language)).await?;
    let here = path(id);
    let page = ThreadPage {
        title: call.text("questions-of-job"),
        crumbs: vec![
            Crumb::new(call, "nav-orders", "/orders"),
            Crumb::named(&facts.order.title, paths::order(facts.order.id)),
            Crumb::named(&facts.job.title, paths::job(id)),
        ],
        answer: match facts.waiting {
            0 => call.text("questions-none-wait"),
            waiting => parts::say_count(call, "questions-answer", waiting),
        },
        is_over: facts.job.state == JobState::Closed,
        form: form.view(call, failure),
        rows: facts
            .page
            .items
            .iter()
            .map(|question| Row::of(call, facts.now, question, &facts.names))
            .collect(),
        next: facts
            .page
            .next
            .as_ref()
            .map(|key| address(&here, &[("after", &format::page_key(key))]))
            .unwrap_or_default(),
        first: if after.is_some() { here.clone() } else { String::new() },
        here,
    };
    call.page_with(failure.map_or(StatusCode::OK, Failure::status), "questions/thread.html", &page)
}

/// `GET /jobs/{id}/questions`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    render(&call, call.id("id")?, &Form::default(), None).await
}

/// `POST /jobs/{id}/questions`: for those who run and check the work.
pub(crate) async fn ask(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: JobId = call.id("id")?;
    let form = call.form();
    let input = AskInput { text: form.get("text").into() };
    let asked = call.once(&form, move |tx| questions::ask(tx, id, &input).map(|_asked| path(id))).await;
    match asked {
        Ok(there) => Ok(call.done(there, "done-questions-asked")),
        Err(failure) if failure.is_about_input() => render(&call, id, &form, Some(&failure)).await,
        Err(failure) => Err(failure),
    }
}
