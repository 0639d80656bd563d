//! `/workers/{id}/availability`: what a worker offers and how they work, for whoever leads them.

use std::rc::Rc;

use accounts::persons;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use chrono::NaiveDate;
use db::{DbError, Tx};
use kernel::{Language, WorkerId, date_in_japan};
use serde::Serialize;
use workforce::availability::{self, Plan};
use workforce::{Worker, workers};

use super::{PlanView, form_of};
use crate::call::Call;
use crate::failure::Failure;
use crate::forms::{Form, FormView};
use crate::paths;
use crate::phrases::again;
use crate::shell::Crumb;

struct Facts {
    worker: Worker,
    name: String,
    plan: Plan,
    today: NaiveDate,
}

fn facts(tx: &mut Tx<'_>, language: Language, id: WorkerId) -> Result<Facts, DbError> {
    let worker = workers::find(tx, id)?;
    Ok(Facts {
        name: persons::find(tx, worker.person_id)?.name_in(language),
        plan: availability::plan(tx, id)?,
        today: date_in_japan(tx.now()),
        worker,
    })
}

#[derive(Serialize)]
struct AvailabilityPage {
    title: String,
    crumbs: Vec<Crumb>,
    plan: PlanView,
    form: FormView,
}

/// The page's address.
pub(super) fn path(id: WorkerId) -> String {
    format!("{}/availability", paths::worker(id))
}

/// `GET /workers/{id}/availability`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: WorkerId = call.id("id")?;
    render(&call, id, None, None).await
}

pub(super) async fn render(
    call: &Call,
    id: WorkerId,
    posted: Option<&Form>,
    refused: Option<&Failure>,
) -> Result<HttpResponse, Failure> {
    let language = call.language;
    let facts = call.db(move |tx| facts(tx, language, id)).await?;
    let page = AvailabilityPage {
        title: call.text("plan-title"),
        crumbs: vec![
            Crumb::new(call, "nav-workers", "/workers"),
            Crumb::named(&facts.name, paths::worker(id)),
        ],
        plan: PlanView::of(call, &facts.plan, facts.today, facts.worker.weekly_minutes, path(id)),
        form: form_of(&facts.plan, posted).view(call, refused),
    };
    call.page_with(refused.map_or(StatusCode::OK, again), "availability/show.html", &page)
}
