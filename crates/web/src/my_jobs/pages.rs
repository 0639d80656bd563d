//! `GET /my-jobs/{job}`

use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use db::{DbError, Tx};
use fulfillment::jobs::{self, Job, JobState};
use fulfillment::questions::{self, AskInput, MyQuestion, QuestionKey};
use fulfillment::rules::{self, Reading, SeenInput};
use kernel::{JobId, Page, Paging, Typed};
use serde::{Deserialize, Serialize};

use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::forms::{Form, FormView};
use crate::orders::parts::When;
use crate::paths;
use crate::phrases::address;
use crate::samples::{self, SampleView, Samples};
use crate::work_rules::{Unread, levels, version_name};

/// How many questions a page shows.
const ROWS: u16 = 20;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Query {
    after: Typed,
}

struct Facts {
    job: Job,
    reading: Reading,
    samples: Samples,
    questions: Page<MyQuestion, QuestionKey>,
}

fn facts(tx: &mut Tx<'_>, id: JobId, paging: &Paging<QuestionKey>) -> Result<Facts, DbError> {
    let job = jobs::reach(tx, id)?;
    Ok(Facts {
        reading: rules::reading(tx, id)?,
        samples: samples::of_job(tx, id)?,
        questions: questions::mine(tx, id, paging)?,
        job,
    })
}

#[derive(Serialize)]
struct JobPage {
    title: String,
    here: String,
    rules: String,
    /// Two people look at what is handed in; empty where one does.
    levels: String,
    version: String,
    changed: When,
    unread: Option<Unread>,
    samples: Vec<SampleView>,
    /// The work is over: nothing is asked any more.
    is_over: bool,
    questions: Vec<QuestionView>,
    next: String,
    first: String,
    form: FormView,
}

/// A question without a name.
#[derive(Serialize)]
struct QuestionView {
    id: String,
    text: String,
    when: When,
    until: When,
    is_own: bool,
    is_open: bool,
    answers: Vec<AnswerView>,
    is_rule: bool,
}

#[derive(Serialize)]
struct AnswerView {
    text: String,
    when: When,
}

impl QuestionView {
    fn of(call: &Call, question: &MyQuestion) -> Self {
        let answer = |one: &questions::MyAnswer| AnswerView {
            text: one.text.clone(),
            when: When::of(call.language, one.answered_at),
        };
        Self {
            id: format!("question-{}", question.id),
            text: question.text.clone(),
            when: When::of(call.language, question.asked_at),
            until: When::of(call.language, question.answer_by),
            is_own: question.is_own,
            is_open: question.answers.is_empty(),
            answers: question.answers.iter().map(answer).collect(),
            is_rule: question.rules_number.is_some(),
        }
    }
}

fn page(call: &Call, facts: &Facts, form: &Form, failure: Option<&Failure>) -> JobPage {
    let Facts { job, reading, samples, questions } = facts;
    let here = paths::my_job(job.id);
    let next = questions.next.as_ref();
    JobPage {
        title: job.title.clone(),
        is_over: job.state == JobState::Closed,
        questions: questions.items.iter().map(|question| QuestionView::of(call, question)).collect(),
        next: next.map(|key| address(&here, &[("after", &format::page_key(key))])).unwrap_or_default(),
        first: String::new(),
        here,
        rules: reading.newest.text.clone(),
        version: version_name(call, reading.newest.number),
        changed: When::of(call.language, reading.newest.changed_at),
        unread: Unread::of(call, reading),
        levels: levels(call, job.review_levels),
        samples: samples.views(call),
        form: form.view(call, failure),
    }
}

async fn render(
    call: &Call,
    id: JobId,
    form: &Form,
    failure: Option<&Failure>,
) -> Result<HttpResponse, Failure> {
    let query: Query = call.query();
    let after = format::read_page_key::<QuestionKey>(query.after.as_str());
    let paging = Paging { after, ..Paging::first(ROWS) };
    let facts = call.db(move |tx| facts(tx, id, &paging)).await?;
    let status = failure.map_or(StatusCode::OK, Failure::status);
    let mut page = page(call, &facts, form, failure);
    if after.is_some() {
        page.first.clone_from(&page.here);
    }
    call.page_with(status, "my_jobs/show.html", &page)
}

/// `GET /my-jobs/{job}`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    render(&call, call.id("job")?, &Form::default(), None).await
}

/// `POST /my-jobs/{job}/rules-read`: back to where it was pressed, a unit's page or the job's own.
pub(crate) async fn read_rules(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: JobId = call.id("job")?;
    let form = call.form();
    let input = SeenInput { number: form.get("number").into() };
    let back = match form.get("unit").parse() {
        Ok(unit) => paths::my_unit(unit),
        Err(_none) => paths::my_job(id),
    };
    match call.db(move |tx| rules::read(tx, id, &input)).await {
        Ok(_reading) => Ok(call.done(back, "done-my-job-rules-read")),
        Err(failure) if failure.is_about_input() => render(&call, id, &form, Some(&failure)).await,
        Err(failure) => Err(failure),
    }
}

/// `POST /my-jobs/{job}/questions`
pub(crate) async fn ask(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: JobId = call.id("job")?;
    let form = call.form();
    let input = AskInput { text: form.get("text").into() };
    let asked = call
        .once(&form, move |tx| questions::ask_as_worker(tx, id, &input).map(|_asked| paths::my_job(id)))
        .await;
    match asked {
        Ok(there) => Ok(call.done(there, "done-my-job-asked")),
        Err(failure) if failure.is_about_input() => render(&call, id, &form, Some(&failure)).await,
        Err(failure) => Err(failure),
    }
}
