//! Substitutes: who could go on with what of a job came back, and putting it before one of them by name.

use std::collections::HashMap;
use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use db::{DbError, Tx};
use fulfillment::jobs::{self, Job};
use fulfillment::orders::{self, Order};
use fulfillment::rounds::{self, Round, Substitute, SubstituteInput, Substitutes};
use kernel::{JobId, Language, PersonId};
use serde::Serialize;

use crate::api::{self, At, Json, Once, One};
use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::forms::{Form, FormView};
use crate::orders::{lacking, parts};
use crate::paths;
use crate::shell::Crumb;

struct Facts {
    job: Job,
    order: Order,
    found: Substitutes,
    names: HashMap<PersonId, String>,
}

fn facts(tx: &mut Tx<'_>, id: JobId, language: Language) -> Result<Facts, DbError> {
    let job = jobs::find(tx, id)?;
    let found = rounds::substitutes(tx, id)?;
    Ok(Facts {
        order: orders::find(tx, job.order_id)?,
        names: parts::people(tx, language, found.people.iter().map(|one| one.person))?,
        found,
        job,
    })
}

#[derive(Serialize)]
struct SubstitutesPage {
    title: String,
    crumbs: Vec<Crumb>,
    answer: String,
    action: String,
    rows: Vec<Row>,
    form: FormView,
}

/// Somebody who could go on.
#[derive(Serialize)]
struct Row {
    name: String,
    href: String,
    worker: String,
    units: i64,
    /// What is put before them, in words.
    ask: String,
    free: String,
    /// `10件中9件が一度で合格`; that little is known where nothing was checked.
    quality: String,
}

fn row(call: &Call, names: &HashMap<PersonId, String>, one: &Substitute) -> Row {
    let counts =
        [("passed", format::count(one.quality.passed)), ("reviewed", format::count(one.quality.reviewed))];
    Row {
        name: names.get(&one.person).cloned().unwrap_or_default(),
        href: format!("/workers/{}", one.worker),
        worker: one.worker.to_string(),
        units: one.units,
        ask: parts::say_count(call, "jobs-substitute-ask", one.units),
        free: format::duration(call.language, one.free_minutes),
        quality: if one.quality.reviewed == 0 {
            call.text("jobs-substitute-unknown")
        } else {
            parts::say(call, "jobs-substitute-quality", &counts)
        },
    }
}

async fn render(call: &Call, id: JobId, refused: Option<&Failure>) -> Result<HttpResponse, Failure> {
    let language = call.language;
    let Facts { job, order, found, names } = call.db(move |tx| facts(tx, id, language)).await?;
    let answer = if found.people.is_empty() { "jobs-substitutes-none" } else { "jobs-substitutes-answer" };
    let page = SubstitutesPage {
        title: call.text("jobs-substitutes"),
        crumbs: vec![
            Crumb::new(call, "nav-orders", "/orders"),
            Crumb::named(&order.title, paths::order(order.id)),
            Crumb::named(&job.title, paths::job(id)),
        ],
        answer: parts::say_count(call, answer, found.units),
        action: format!("{}/substitutes", paths::job(id)),
        rows: found.people.iter().map(|one| row(call, &names, one)).collect(),
        form: Form::default().view(call, refused),
    };
    call.page_with(refused.map_or(StatusCode::OK, Failure::status), "jobs/substitutes.html", &page)
}

/// `GET /jobs/{id}/substitutes`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: JobId = call.id("id")?;
    render(&call, id, None).await
}

/// `POST /jobs/{id}/substitutes`
pub(crate) async fn ask(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: JobId = call.id("id")?;
    let input: SubstituteInput = call.form().input()?;
    match call.db(move |tx| rounds::put_before(tx, id, &input)).await {
        Ok(_round) => Ok(call.done(paths::job(id), "done-jobs-substitute-asked")),
        Err(failure) if parts::stays(&failure) => {
            render(&call, id, Some(&lacking::in_one_sentence(failure))).await
        }
        Err(failure) => Err(failure),
    }
}

/// `GET /api/v1/jobs/{id}/substitutes`
pub(crate) async fn read(call: Rc<Call>, At(id): At<JobId>) -> Result<One<Substitutes>, Failure> {
    call.db(move |tx| rounds::substitutes(tx, id)).await.map(One)
}

/// `POST /api/v1/jobs/{id}/substitutes`
pub(crate) async fn write(
    call: Rc<Call>,
    At(id): At<JobId>,
    Json(input): Json<SubstituteInput>,
) -> Result<Once<One<Round>>, Failure> {
    api::once(&call, move |tx| rounds::put_before(tx, id, &input).map(One)).await
}
