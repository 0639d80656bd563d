//! Moving a deal to a stage of another pipeline: an explicit form, because its rules change with it.

use std::rc::Rc;

use actix_web::HttpResponse;
use db::{DbError, Tx};
use kernel::{Code, DealId};
use sales::deals::{self, AdvanceInput, Deal, DealStatus};
use sales::pipelines::{self, Pipeline};
use sales::stages::{self, Stage, StageKind};
use serde::Serialize;

use super::{crumbs_below, missing_words, step};
use crate::call::Call;
use crate::failure::Failure;
use crate::forms::{Form, FormView};
use crate::paths;
use crate::phrases::{self, Choice, said};
use crate::shell::Crumb;

#[derive(Serialize)]
struct FormPage {
    title: String,
    crumbs: Vec<Crumb>,
    deal: String,
    /// Where it stands now: pipeline and stage.
    here: String,
    action: String,
    edit: String,
    cancel: String,
    version: i32,
    stages: Vec<Choice>,
    /// What the chosen stage asks for and the deal has not.
    missing: String,
    form: FormView,
}

struct Facts {
    deal: Deal,
    pipelines: Vec<Pipeline>,
    stages: Vec<Stage>,
}

fn facts(tx: &mut Tx<'_>, id: DealId) -> Result<Facts, DbError> {
    Ok(Facts { deal: deals::find(tx, id)?, pipelines: pipelines::list(tx)?, stages: stages::list(tx)? })
}

impl Facts {
    fn pipeline(&self, stage: &Stage) -> Option<&Pipeline> {
        self.pipelines.iter().find(|one| one.id == stage.pipeline_id)
    }

    fn here(&self) -> Option<&Stage> {
        self.stages.iter().find(|stage| stage.id == self.deal.stage_id)
    }

    /// The open stages of the other pipelines in use.
    fn elsewhere(&self, call: &Call) -> Vec<Choice> {
        let own = self.here().map(|stage| stage.pipeline_id);
        let open = |stage: &&Stage| stage.kind == StageKind::Open && Some(stage.pipeline_id) != own;
        let choice = |stage: &Stage| {
            let pipeline = self.pipeline(stage).filter(|one| one.archived_at.is_none())?;
            let words = [("pipeline", pipeline.name.as_str()), ("stage", &stage.name)];
            Some(Choice::new(stage.id, said(call, "deal-pipeline-stage", words)))
        };
        self.stages.iter().filter(open).filter_map(choice).collect()
    }
}

fn form_page(call: &Call, facts: &Facts, form: &Form, failure: Option<&Failure>) -> FormPage {
    let deal = &facts.deal;
    let missing = failure.filter(|failure| failure.code == Code::StageRequirement);
    let here =
        facts.here().and_then(|stage| Some((facts.pipeline(stage)?.name.as_str(), stage.name.as_str())));
    let (pipeline, stage) = here.unwrap_or_default();
    FormPage {
        title: call.text("deal-transfer-title"),
        crumbs: crumbs_below(call, deal.id, &deal.title),
        deal: deal.title.clone(),
        here: said(call, "deal-pipeline-stage", [("pipeline", pipeline), ("stage", stage)]),
        action: step(deal.id, "transfer"),
        edit: step(deal.id, "edit"),
        cancel: paths::deal(deal.id),
        version: deal.version,
        stages: facts.elsewhere(call),
        missing: missing.map(|failure| missing_words(call, &failure.fields)).unwrap_or_default(),
        form: form.view(call, failure),
    }
}

/// `GET /deals/{id}/transfer`
pub(crate) async fn form(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: DealId = call.id("id")?;
    let facts = call.db(move |tx| facts(tx, id)).await?;
    if facts.deal.state.status() != DealStatus::Open || facts.elsewhere(&call).is_empty() {
        return Ok(call.see_other(paths::deal(id)));
    }
    call.page("deals/transfer.html", &form_page(&call, &facts, &Form::default(), None))
}

/// `POST /deals/{id}/transfer`
pub(crate) async fn transfer(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: DealId = call.id("id")?;
    let form = call.form();
    let (input, version) = (form.input::<AdvanceInput>()?, form.version()?);
    match call.db(move |tx| deals::transfer(tx, id, version, input)).await {
        Ok(deal) => Ok(call.done(paths::deal(deal.id), "done-deal-transferred")),
        Err(failure) if failure.is_about_input() => {
            let mut facts = call.db(move |tx| facts(tx, id)).await?;
            if failure.code != Code::Stale {
                facts.deal.version = version;
            }
            let page = form_page(&call, &facts, &form, Some(&failure));
            call.page_with(phrases::again(&failure), "deals/transfer.html", &page)
        }
        Err(failure) => Err(failure),
    }
}
