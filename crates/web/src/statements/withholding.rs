//! `/jobs/{id}/withholding`: what kind of work a job is, and whether income tax is withheld from its pay.

use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use db::DbError;
use fulfillment::jobs;
use fulfillment::tax::WorkKind;
use fulfillment::withholdings::{self, Withholding, WithholdingInput};
use kernel::JobId;
use serde::Serialize;

use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::forms::{Form, FormView};
use crate::orders::parts::{self, Choice};
use crate::paths;
use crate::phrases::said;
use crate::shell::Crumb;

#[derive(Serialize)]
struct WithholdingPage {
    title: String,
    crumbs: Vec<Crumb>,
    answer: String,
    action: String,
    job_href: String,
    kinds: Vec<Choice>,
    choices: Vec<Choice>,
    form: FormView,
    history: Vec<Decided>,
}

#[derive(Serialize)]
struct Decided {
    what: String,
    reason: String,
    at: String,
}

/// A kind with what the published lists say of it.
fn kind(call: &Call, kind: WorkKind) -> Choice {
    let rule = match kind.is_withheld() {
        Some(true) => "withholding-rule-yes",
        Some(false) => "withholding-rule-no",
        None => "withholding-rule-open",
    };
    let (word, rule) = (call.text(&parts::text_key("work-kind", kind.as_str())), call.text(rule));
    Choice::new(kind, said(call, "withholding-kind", [("kind", &word), ("rule", &rule)]))
}

fn what(call: &Call, known: &Withholding) -> String {
    let rule = call.text(if known.withheld { "withholding-decided-yes" } else { "withholding-decided-no" });
    let word = call.text(&parts::text_key("work-kind", known.kind.as_str()));
    said(call, "withholding-kind", [("kind", &word), ("rule", &rule)])
}

async fn render(
    call: &Call,
    id: JobId,
    form: Option<&Form>,
    failure: Option<&Failure>,
) -> Result<HttpResponse, Failure> {
    let (job, known) = call
        .db(move |tx| -> Result<_, DbError> { Ok((jobs::find(tx, id)?, withholdings::of_job(tx, id)?)) })
        .await?;
    let fresh = known.first().map_or_else(Form::default, |one| Form::of(&WithholdingInput::of(one)));
    let decided = |one: &Withholding| Decided {
        what: what(call, one),
        reason: one.reason.clone(),
        at: format::moment(call.language, one.decided_at),
    };
    let page = WithholdingPage {
        title: call.text("withholding-title"),
        crumbs: vec![Crumb::named(job.title.clone(), paths::job(id))],
        answer: known.first().map_or_else(|| call.text("withholding-none"), |one| what(call, one)),
        action: format!("/jobs/{id}/withholding"),
        job_href: paths::job(id),
        kinds: WorkKind::ALL.iter().map(|one| kind(call, *one)).collect(),
        choices: Choice::words(call, "withholding-said", &["yes", "no"]),
        form: form.unwrap_or(&fresh).view(call, failure),
        history: known.iter().map(decided).collect(),
    };
    call.page_with(failure.map_or(StatusCode::OK, Failure::status), "statements/withholding.html", &page)
}

/// `GET /jobs/{id}/withholding`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    render(&call, call.id("id")?, None, None).await
}

/// `POST /jobs/{id}/withholding`
pub(crate) async fn decide(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: JobId = call.id("id")?;
    let form = call.form();
    let input: WithholdingInput = form.input()?;
    match call.db(move |tx| withholdings::decide(tx, id, &input)).await {
        Ok(_decided) => Ok(call.done(format!("/jobs/{id}/withholding"), "done-withholding-decided")),
        Err(failure) if parts::stays(&failure) => render(&call, id, Some(&form), Some(&failure)).await,
        Err(failure) => Err(failure),
    }
}
