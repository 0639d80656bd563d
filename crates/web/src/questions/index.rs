//! `GET /questions`: what waits for an answer, whatever is due first on top.

use std::collections::HashMap;
use std::rc::Rc;

use actix_web::HttpResponse;
use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use fulfillment::questions::{self, OpenQuestion, OpenQuestionKey, Waiting};
use kernel::{Language, Page, Paging, PersonId, Typed};
use serde::{Deserialize, Serialize};

use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::orders::parts::{self, When};
use crate::paths;
use crate::phrases::address;

/// How many questions a page shows.
const ROWS: u16 = 50;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Query {
    after: Typed,
}

struct Facts {
    now: DateTime<Utc>,
    open: Page<OpenQuestion, OpenQuestionKey>,
    /// How many there are on all pages.
    waiting: Waiting,
    people: HashMap<PersonId, String>,
}

fn facts(tx: &mut Tx<'_>, paging: &Paging<OpenQuestionKey>, language: Language) -> Result<Facts, DbError> {
    let open = questions::open(tx, paging)?;
    let people = parts::people(tx, language, open.items.iter().map(|open| open.question.asked_by))?;
    Ok(Facts { now: tx.now(), waiting: questions::count_open(tx)?, open, people })
}

#[derive(Serialize)]
struct QuestionsPage {
    title: String,
    answer: String,
    /// How many wait longer than the town wants; empty where none does.
    late: String,
    rows: Vec<Row>,
    next: String,
    first: String,
}

#[derive(Serialize)]
struct Row {
    id: String,
    text: String,
    href: String,
    job: String,
    order: String,
    asker: String,
    until: When,
    is_late: bool,
}

/// `GET /questions`
pub(crate) async fn index(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let query: Query = call.query();
    let after = format::read_page_key::<OpenQuestionKey>(query.after.as_str());
    let (language, paging) = (call.language, Paging { after, ..Paging::first(ROWS) });
    let facts = call.db(move |tx| facts(tx, &paging, language)).await?;
    let here = |key: &str| address("/questions", &[("after", key)]);
    let counted = |key: &str, count: i64| {
        if count == 0 { String::new() } else { parts::say_count(&call, key, count) }
    };
    let page = QuestionsPage {
        title: call.text("questions-title"),
        answer: counted("questions-answer", facts.waiting.open),
        late: counted("questions-late", facts.waiting.late),
        rows: facts.open.items.iter().map(|open| row(&call, &facts, open)).collect(),
        next: facts.open.next.as_ref().map(|key| here(&format::page_key(key))).unwrap_or_default(),
        first: if after.is_some() { here("") } else { String::new() },
    };
    call.page("questions/index.html", &page)
}

fn row(call: &Call, facts: &Facts, open: &OpenQuestion) -> Row {
    let question = &open.question;
    Row {
        id: format!("question-{}", question.id),
        text: question.text.clone(),
        href: paths::question(question.id),
        job: open.job_title.clone(),
        order: open.order_title.clone(),
        asker: facts.people.get(&question.asked_by).cloned().unwrap_or_default(),
        until: When::of(call.language, question.answer_by),
        is_late: question.answer_by <= facts.now,
    }
}
