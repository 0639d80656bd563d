//! `/workers/{id}/trials`: what trial batches of a worker showed, and the form that writes one down.

use std::rc::Rc;

use accounts::persons;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use db::{DbError, Tx};
use kernel::{Page, Paging, WorkerId, date_in_japan};
use serde::Serialize;
use workforce::skills::{self, Skill};
use workforce::trials::{self, Trial, TrialId, TrialInput, TrialOutcome};
use workforce::workers;

use crate::api::{self, At, Created, Json, Listed, Once, Paged, Query};
use crate::call::Call;
use crate::failure::Failure;
use crate::forms::{Form, FormView, PageQuery};
use crate::orders::parts::{self, Choice};
use crate::paths;
use crate::phrases::again;
use crate::shell::Crumb;

/// How many trials a page shows.
const ROWS: u16 = 20;

struct Facts {
    name: String,
    page: Page<Trial, TrialId>,
    skills: Vec<Skill>,
}

fn facts(
    tx: &mut Tx<'_>,
    language: kernel::Language,
    id: WorkerId,
    after: Option<TrialId>,
) -> Result<Facts, DbError> {
    let worker = workers::find(tx, id)?;
    Ok(Facts {
        name: persons::find(tx, worker.person_id)?.name_in(language),
        page: trials::of_worker(tx, id, &Paging { after, ..Paging::first(ROWS) })?,
        skills: skills::list(tx)?,
    })
}

#[derive(Serialize)]
struct TrialsPage {
    title: String,
    crumbs: Vec<Crumb>,
    action: String,
    skills: Vec<Choice>,
    outcomes: Vec<Choice>,
    rows: Vec<TrialRow>,
    next: String,
    form: FormView,
}

/// A trial as pages show it.
#[derive(Debug, Serialize)]
pub(crate) struct TrialRow {
    skill: String,
    what: String,
    day: String,
    iso: String,
    findings: String,
    is_passed: bool,
}

impl TrialRow {
    /// In the reader's language.
    pub(crate) fn of(call: &Call, trial: &Trial) -> Self {
        let day = date_in_japan(trial.assessed_at);
        let counts = [
            ("good", trial.good.to_string()),
            ("units", trial.units.to_string()),
            ("level", trial.level.to_string()),
        ];
        let key = parts::text_key("trial-said", trial.outcome.as_str());
        Self {
            skill: trial.skill.clone(),
            what: parts::say(call, &key, &counts),
            day: parts::day(call.language, day),
            iso: day.to_string(),
            findings: trial.findings.clone(),
            is_passed: trial.outcome == TrialOutcome::Passed,
        }
    }
}

/// `GET /workers/{id}/trials`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: WorkerId = call.id("id")?;
    render(&call, id, &Form::default(), None).await
}

async fn render(
    call: &Call,
    id: WorkerId,
    form: &Form,
    refused: Option<&Failure>,
) -> Result<HttpResponse, Failure> {
    let query: PageQuery = call.query();
    let (after, language) = (query.after.as_str().parse().ok(), call.language);
    let facts = call.db(move |tx| facts(tx, language, id, after)).await?;
    let page = TrialsPage {
        title: call.text("trials-title"),
        crumbs: vec![
            Crumb::new(call, "nav-workers", "/workers"),
            Crumb::named(&facts.name, paths::worker(id)),
        ],
        action: format!("{}/trials", paths::worker(id)),
        skills: facts.skills.iter().map(|skill| Choice::new(skill.id, &skill.name)).collect(),
        outcomes: Choice::words(call, "trial-outcome", TrialOutcome::ALL),
        rows: facts.page.items.iter().map(|trial| TrialRow::of(call, trial)).collect(),
        next: facts
            .page
            .next
            .map(|key| format!("{}/trials?after={key}", paths::worker(id)))
            .unwrap_or_default(),
        form: form.view(call, refused),
    };
    call.page_with(refused.map_or(StatusCode::OK, again), "courses/trials.html", &page)
}

/// `POST /workers/{id}/trials`
pub(crate) async fn assess(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: WorkerId = call.id("id")?;
    let form = call.form();
    let input: TrialInput = form.input()?;
    let place = format!("{}/trials", paths::worker(id));
    match call.once(&form, move |tx| trials::assess(tx, id, &input).map(|_trial| place)).await {
        Ok(page) => Ok(call.done(page, "done-trial-noted")),
        Err(failure) if parts::stays(&failure) => render(&call, id, &form, Some(&failure)).await,
        Err(failure) => Err(failure),
    }
}

/// `GET /api/v1/workers/{id}/trials`
pub(crate) async fn index_api(
    call: Rc<Call>,
    At(id): At<WorkerId>,
    Query(paged): Query<Paged>,
) -> Result<Listed<Trial>, Failure> {
    let paging = paged.paging::<TrialId>()?;
    let found = call.db(move |tx| -> Result<_, DbError> {
        let worker = workers::find(tx, id)?;
        trials::of_worker(tx, worker.id, &paging)
    });
    Ok(found.await?.into())
}

/// `POST /api/v1/workers/{id}/trials`
pub(crate) async fn assess_api(
    call: Rc<Call>,
    At(id): At<WorkerId>,
    Json(input): Json<TrialInput>,
) -> Result<Once<Created<Trial>>, Failure> {
    api::once(&call, move |tx| trials::assess(tx, id, &input).map(Created)).await
}
