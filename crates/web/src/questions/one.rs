//! `GET /questions/{id}`: one question before those who run the work: answering it, and making its answer a rule.

use std::collections::HashMap;
use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use fulfillment::jobs::{self, Job, JobState};
use fulfillment::questions::{self, AnswerInput, Question, QuestionId};
use kernel::{Language, PersonId};
use serde::Serialize;

use super::thread::{self, Row};
use crate::call::Call;
use crate::failure::Failure;
use crate::forms::{Form, FormView};
use crate::orders::parts;
use crate::paths;
use crate::shell::Crumb;

struct Facts {
    now: DateTime<Utc>,
    job: Job,
    question: Question,
    names: HashMap<PersonId, String>,
}

fn facts(tx: &mut Tx<'_>, id: QuestionId, language: Language) -> Result<Facts, DbError> {
    let question = questions::find(tx, id)?;
    Ok(Facts {
        now: tx.now(),
        job: jobs::find(tx, question.job_id)?,
        names: parts::people(tx, language, thread::named(std::slice::from_ref(&question)))?,
        question,
    })
}

#[derive(Serialize)]
struct QuestionPage {
    title: String,
    crumbs: Vec<Crumb>,
    here: String,
    question: Row,
    rules: String,
    /// The job goes on, so answers may become rules of it.
    has_rules: bool,
    /// The newest answer is no rule yet.
    may_become_rule: bool,
    form: FormView,
}

async fn render(
    call: &Call,
    id: QuestionId,
    form: &Form,
    failure: Option<&Failure>,
) -> Result<HttpResponse, Failure> {
    let language = call.language;
    let facts = call.db(move |tx| facts(tx, id, language)).await?;
    let Facts { job, question, .. } = &facts;
    let has_rules = job.state != JobState::Closed;
    let page = QuestionPage {
        title: call.text("questions-one"),
        crumbs: vec![
            Crumb::new(call, "questions-title", "/questions"),
            Crumb::named(&job.title, thread::path(job.id)),
        ],
        here: paths::question(id),
        question: Row::of(call, facts.now, question, &facts.names),
        rules: job.rules.clone(),
        has_rules,
        may_become_rule: has_rules && question.answered_at.is_some() && question.rules_number.is_none(),
        form: form.view(call, failure),
    };
    call.page_with(failure.map_or(StatusCode::OK, Failure::status), "questions/one.html", &page)
}

/// `GET /questions/{id}`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    render(&call, call.id("id")?, &Form::default(), None).await
}

/// `POST /questions/{id}/answers`
pub(crate) async fn answer(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: QuestionId = call.id("id")?;
    let form = call.form();
    let input =
        AnswerInput { answer: form.get("answer").into(), becomes_rule: form.get("becomes_rule").into() };
    let done = match form.get("becomes_rule") {
        "" => "done-questions-answered",
        _rule => "done-questions-ruled",
    };
    let answered = call
        .once(&form, move |tx| {
            questions::answer(tx, id, &input).map(|question| thread::path(question.job_id))
        })
        .await;
    match answered {
        Ok(there) => Ok(call.done(there, done)),
        Err(failure) if failure.is_about_input() => render(&call, id, &form, Some(&failure)).await,
        Err(failure) => Err(failure),
    }
}

/// `POST /questions/{id}/rule`
pub(crate) async fn make_rule(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: QuestionId = call.id("id")?;
    match call.db(move |tx| questions::make_rule(tx, id)).await {
        Ok(question) => Ok(call.done(thread::path(question.job_id), "done-questions-ruled")),
        Err(failure) if failure.is_about_input() => render(&call, id, &Form::default(), Some(&failure)).await,
        Err(failure) => Err(failure),
    }
}
