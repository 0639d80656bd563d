//! Skills: the town's list, naming one, and what a worker has of them.

use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use fulfillment::jobs;
use kernel::{Checks, Typed, WorkerId};
use serde::{Deserialize, Serialize};
use workforce::skills::{self, GrantInput, Skill, SkillId, SkillInput};

use super::show;
use crate::call::Call;
use crate::failure::Failure;
use crate::files;
use crate::forms::{Form, FormView};
use crate::orders::parts;
use crate::paths;
use crate::shell::Crumb;
use crate::uploads::{self, Upload};

#[derive(Serialize)]
struct SkillsPage {
    title: String,
    crumbs: Vec<Crumb>,
    form: FormView,
    skills: Vec<Skill>,
    /// The skill whose new name was refused.
    renaming: String,
}

async fn answer(
    call: &Call,
    form: &Form,
    renaming: Option<SkillId>,
    failure: Option<&Failure>,
) -> Result<HttpResponse, Failure> {
    let page = SkillsPage {
        title: call.text("skills-title"),
        crumbs: vec![Crumb::new(call, "nav-workers", "/workers")],
        form: form.view(call, failure),
        skills: call.db(skills::list).await?,
        renaming: renaming.map(|id| id.to_string()).unwrap_or_default(),
    };
    call.page_with(failure.map_or(StatusCode::OK, Failure::status), "workers/skills.html", &page)
}

/// `GET /skills`
pub(crate) async fn index(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    answer(&call, &Form::default(), None, None).await
}

/// `POST /skills`
pub(crate) async fn add(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let form = call.form();
    let input: SkillInput = form.input()?;
    match call.db(move |tx| skills::add(tx, input)).await {
        Ok(_skill) => Ok(call.done("/skills", "done-skills-added")),
        Err(failure) if failure.is_about_input() => answer(&call, &form, None, Some(&failure)).await,
        Err(failure) => Err(failure),
    }
}

/// `POST /skills/{id}`
pub(crate) async fn rename(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: SkillId = call.id("id")?;
    let form = call.form();
    let input: SkillInput = form.input()?;
    match call.db(move |tx| skills::rename(tx, id, input)).await {
        Ok(_skill) => Ok(call.done("/skills", "done-saved")),
        Err(failure) if failure.is_about_input() => answer(&call, &form, Some(id), Some(&failure)).await,
        Err(failure) => Err(failure),
    }
}

/// What is granted, as the form sends it beside its file.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct GrantForm {
    skill_id: Typed,
    level: Typed,
    expires_on: Typed,
    evidence: Typed,
    evidence_note: Typed,
}

/// `POST /workers/{id}/skills`
pub(crate) async fn grant(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: WorkerId = call.id("id")?;
    let upload = uploads::read(&call).await?;
    match grant_with_file(&call, id, &upload).await {
        Ok(()) => Ok(call.done(format!("{}#skills", paths::worker(id)), "done-skills-granted")),
        Err(failure) if parts::stays(&failure) => {
            show::render(&call, id, Some(&upload.form), Some(&failure)).await
        }
        Err(failure) => Err(failure),
    }
}

/// The bytes are in the store before the transaction begins and leave it again when the verb refuses.
async fn grant_with_file(call: &Call, id: WorkerId, upload: &Upload) -> Result<(), Failure> {
    let typed: GrantForm = upload.form.input()?;
    let beside = |failure| files::beside("evidence_file", failure);
    let received = match upload.file("evidence_file") {
        Some(file) => Some(files::take_in(call, file).await.map_err(beside)?),
        None => None,
    };
    let granted = write(call, id, typed, received.clone()).await;
    if let (Err(failure), Some(file)) = (&granted, &received) {
        files::discard_refused(call, file, failure).await;
    }
    granted.map_err(beside)
}

async fn write(
    call: &Call,
    id: WorkerId,
    typed: GrantForm,
    received: Option<::files::Received>,
) -> Result<(), Failure> {
    let quota = call.app.settings.uploads;
    let granted = call.db(move |tx| -> Result<(), Failure> {
        let mut checks = Checks::new();
        let skill = SkillId(checks.number("skill_id", &typed.skill_id, 1..=i64::MAX));
        let skill = checks.done(skill)?;
        let kept = received.map(|file| ::files::keep_within(tx, &file, &quota)).transpose()?;
        // A paper is evidence enough; what else was chosen beside it is not asked about again.
        let evidence = if kept.is_some() { Typed::default() } else { typed.evidence };
        let input = GrantInput {
            level: typed.level,
            expires_on: typed.expires_on,
            evidence,
            evidence_note: typed.evidence_note,
            file_id: kept.map(|file| file.id.to_string()).unwrap_or_default().into(),
        };
        skills::grant(tx, id, skill, input)?;
        Ok(())
    });
    granted.await
}

/// `POST /workers/{id}/offers`: what was offered before the worker could be offered it.
pub(crate) async fn offer_missed(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: WorkerId = call.id("id")?;
    call.db(move |tx| jobs::offer_missed(tx, id)).await?;
    Ok(call.done(format!("{}#skills", paths::worker(id)), "done-workers-offered"))
}

/// `POST /workers/{id}/skills/{skill}/revoke`
pub(crate) async fn revoke(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let (id, skill): (WorkerId, SkillId) = (call.id("id")?, call.id("skill")?);
    call.db(move |tx| skills::revoke(tx, id, skill)).await?;
    Ok(call.done(format!("{}#skills", paths::worker(id)), "done-skills-revoked"))
}
