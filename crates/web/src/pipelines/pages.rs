//! The town's pipelines, and one of them with its stages.

use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use db::DbError;
use sales::pipelines::{self, Pipeline, PipelineId, PipelineInput};
use sales::stages::{self, Stage, StageInput};
use serde::Serialize;

use super::stages::{StageRow, fresh_stage};
use crate::call::Call;
use crate::failure::Failure;
use crate::forms::{Form, FormView};
use crate::paths;
use crate::phrases::{self, Choice, counted};
use crate::shell::Crumb;

#[derive(Serialize)]
struct ListPage {
    title: String,
    used: Vec<Row>,
    archived: Vec<Row>,
    /// What a new one may be modelled on.
    models: Vec<Choice>,
    form: FormView,
}

#[derive(Serialize)]
struct Row {
    id: String,
    name: String,
    href: String,
    stages: String,
}

impl Row {
    fn of(call: &Call, pipeline: &Pipeline, all: &[Stage]) -> Self {
        let stages = all.iter().filter(|stage| stage.pipeline_id == pipeline.id).count();
        let stages = i64::try_from(stages).unwrap_or_default();
        Self {
            id: format!("pipeline-{}", pipeline.id),
            name: pipeline.name.clone(),
            href: paths::pipeline(pipeline.id),
            stages: counted(call, "pipeline-stages", "count", stages),
        }
    }
}

async fn list(call: &Call, returned: Option<(&Form, &Failure)>) -> Result<HttpResponse, Failure> {
    let (all, stages) =
        call.db(|tx| -> Result<_, DbError> { Ok((pipelines::list(tx)?, stages::list(tx)?)) }).await?;
    let rows = |archived: bool| -> Vec<Row> {
        let chosen = all.iter().filter(|one| one.archived_at.is_some() == archived);
        chosen.map(|one| Row::of(call, one, &stages)).collect()
    };
    let empty = Form::default();
    let page = ListPage {
        title: call.text("nav-pipelines"),
        used: rows(false),
        archived: rows(true),
        models: all.iter().map(|one| Choice::new(one.id, one.name.as_str())).collect(),
        form: returned.map_or(&empty, |(form, _)| form).view(call, returned.map(|(_, failure)| failure)),
    };
    let status = returned.map_or(StatusCode::OK, |(_, failure)| failure.status());
    call.page_with(status, "pipelines/index.html", &page)
}

/// `GET /pipelines`
pub(crate) async fn index(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    list(&call, None).await
}

/// `POST /pipelines`
pub(crate) async fn create(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let form = call.form();
    let input: PipelineInput = form.input()?;
    match call.once(&form, move |tx| pipelines::add(tx, &input).map(|made| paths::pipeline(made.id))).await {
        Ok(page) => Ok(call.done(page, "done-pipeline-added")),
        Err(failure) if failure.is_about_input() => list(&call, Some((&form, &failure))).await,
        Err(failure) => Err(failure),
    }
}

#[derive(Serialize)]
struct PipelinePage {
    title: String,
    crumbs: Vec<Crumb>,
    action: String,
    version: i32,
    is_archived: bool,
    stages: Vec<StageRow>,
    requirements: Vec<Choice>,
    rename_form: FormView,
    stage_form: FormView,
    /// Why it stays in use; empty where nobody tried otherwise.
    trouble: String,
}

/// Which of the page's forms came back.
#[derive(Default)]
struct Returned<'a> {
    rename: Option<(&'a Form, &'a Failure)>,
    stage: Option<(&'a Form, &'a Failure)>,
    archive: Option<&'a Failure>,
}

impl Returned<'_> {
    fn failure(&self) -> Option<&Failure> {
        self.rename.or(self.stage).map(|(_, failure)| failure).or(self.archive)
    }
}

async fn one(call: &Call, returned: Returned<'_>) -> Result<HttpResponse, Failure> {
    let id: PipelineId = call.id("id")?;
    let (pipeline, stages) = call
        .db(move |tx| -> Result<_, DbError> { Ok((pipelines::find(tx, id)?, stages::of_pipeline(tx, id)?)) })
        .await?;
    let named = Form::default().preset("name", &pipeline.name);
    let fresh = fresh_stage();
    let view = |given: Option<(&Form, &Failure)>, fresh: &Form| {
        given.map_or(fresh, |(form, _)| form).view(call, given.map(|(_, failure)| failure))
    };
    let page = PipelinePage {
        title: pipeline.name.clone(),
        crumbs: vec![Crumb::new(call, "nav-pipelines", "/pipelines")],
        action: paths::pipeline(id),
        version: pipeline.version,
        is_archived: pipeline.archived_at.is_some(),
        stages: stages.iter().map(|stage| StageRow::of(call, stage, &stages)).collect(),
        requirements: phrases::choices(call, "stage-requires", stages::Requirement::ALL),
        rename_form: view(returned.rename, &named),
        stage_form: view(returned.stage, &fresh),
        trouble: returned.archive.map(|failure| failure.sentence(call)).unwrap_or_default(),
    };
    let status = returned.failure().map_or(StatusCode::OK, phrases::again);
    call.page_with(status, "pipelines/show.html", &page)
}

/// `GET /pipelines/{id}`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    one(&call, Returned::default()).await
}

/// `POST /pipelines/{id}`
pub(crate) async fn rename(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let (id, form): (PipelineId, _) = (call.id("id")?, call.form());
    let (input, version) = (form.input::<PipelineInput>()?, form.version()?);
    match call.db(move |tx| pipelines::rename(tx, id, version, &input)).await {
        Ok(_renamed) => Ok(call.done(paths::pipeline(id), "done-saved")),
        Err(failure) if failure.is_about_input() => {
            one(&call, Returned { rename: Some((&form, &failure)), ..Returned::default() }).await
        }
        Err(failure) => Err(failure),
    }
}

/// `POST /pipelines/{id}/archive`
pub(crate) async fn archive(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: PipelineId = call.id("id")?;
    let version = call.form().version()?;
    match call.db(move |tx| pipelines::archive(tx, id, version)).await {
        Ok(_archived) => Ok(call.done("/pipelines", "done-pipeline-archived")),
        Err(failure) if failure.is_about_input() => {
            one(&call, Returned { archive: Some(&failure), ..Returned::default() }).await
        }
        Err(failure) => Err(failure),
    }
}

/// `POST /pipelines/{id}/restore`
pub(crate) async fn restore(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: PipelineId = call.id("id")?;
    let version = call.form().version()?;
    call.db(move |tx| pipelines::restore(tx, id, version)).await?;
    Ok(call.done(paths::pipeline(id), "done-pipeline-restored"))
}

/// `POST /pipelines/{id}/stages`
pub(crate) async fn add_stage(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let (id, form): (PipelineId, _) = (call.id("id")?, call.form());
    let input: StageInput = form.input()?;
    let added = call.once(&form, move |tx| stages::add(tx, id, &input).map(|_stage| paths::pipeline(id)));
    match added.await {
        Ok(page) => Ok(call.done(page, "done-stage-added")),
        Err(failure) if failure.is_about_input() => {
            one(&call, Returned { stage: Some((&form, &failure)), ..Returned::default() }).await
        }
        Err(failure) => Err(failure),
    }
}

/// `POST /board/pipeline`: the board of another pipeline, from now on.
pub(crate) async fn choose(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: PipelineId = call.form().get("pipeline").parse().map_err(|_no_number| Failure::not_found())?;
    let person = call.person()?;
    call.db(move |tx| pipelines::choose(tx, person, id)).await?;
    Ok(call.see_other("/board"))
}
