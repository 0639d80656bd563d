//! A stage of a pipeline: its row, and the form that tunes it.

use std::rc::Rc;

use actix_web::HttpResponse;
use db::DbError;
use kernel::{BoardStageId, Code};
use sales::pipelines::{self, Pipeline};
use sales::stages::{self, RemoveInput, Requirement, ShiftInput, Stage, StageInput, StageKind, Steps};
use serde::Serialize;

use crate::call::Call;
use crate::failure::Failure;
use crate::forms::{Form, FormView};
use crate::overtaken::{Beside, Difference};
use crate::paths;
use crate::phrases::{self, Choice, counted, said, word};
use crate::shell::Crumb;

/// A stage as its pipeline's page lists it.
#[derive(Serialize)]
pub(super) struct StageRow {
    id: String,
    name: String,
    href: String,
    kind: String,
    probability: String,
    idle: String,
    requires: String,
    /// Which stages may follow it; empty for one that closes.
    next: String,
    version: i32,
    /// Whether it can change places with the one left or right of it.
    may_go_left: bool,
    may_go_right: bool,
}

impl StageRow {
    pub(super) fn of(call: &Call, stage: &Stage, all: &[Stage]) -> Self {
        let open: Vec<&Stage> = all.iter().filter(|one| one.kind == StageKind::Open).collect();
        let (first, last) = (open.first().map(|one| one.id), open.last().map(|one| one.id));
        let is_open = stage.kind == StageKind::Open;
        let requires: Vec<String> =
            stage.requires.iter().map(|one| word(call, "stage-requires", one)).collect();
        Self {
            id: format!("stage-{}", stage.id),
            name: stage.name.clone(),
            href: paths::stage(stage.id),
            kind: word(call, "stage-kind", stage.kind),
            probability: format!("{}%", stage.probability),
            idle: said(call, "stage-idle-after", [("days", &stage.idle_days.to_string())]),
            requires: if requires.is_empty() { call.text("word-none") } else { requires.join(" · ") },
            next: next_words(call, stage, all),
            version: stage.version,
            may_go_left: is_open && first != Some(stage.id),
            may_go_right: is_open && last != Some(stage.id),
        }
    }
}

/// The stages that may follow one, in words.
pub(crate) fn next_words(call: &Call, stage: &Stage, all: &[Stage]) -> String {
    let Some(next) = &stage.next else {
        let any = stage.kind == StageKind::Open;
        return if any { call.text("stage-steps-any") } else { String::new() };
    };
    let named: Vec<&str> =
        all.iter().filter(|one| next.contains(&one.id)).map(|one| one.name.as_str()).collect();
    if named.is_empty() { call.text("stage-steps-none") } else { named.join(" · ") }
}

/// What the form of a new stage starts with.
pub(super) fn fresh_stage() -> Form {
    Form::default().preset("probability", 50).preset("idle_days", 14)
}

#[derive(Serialize)]
struct StagePage {
    title: String,
    crumbs: Vec<Crumb>,
    action: String,
    cancel: String,
    version: i32,
    /// Whether its probability, requirements and steps are the town's to say.
    is_open: bool,
    is_lost: bool,
    requirements: Vec<Choice>,
    steps: Vec<Choice>,
    /// The stages that may be named to follow it.
    others: Vec<Choice>,
    form: FormView,
    /// Where its deals go when it is taken away; empty where it cannot be.
    remove: String,
    remove_form: FormView,
    /// How many deals stand in it or rest in it.
    deals: String,
    /// Why it stays; empty where nobody tried otherwise.
    trouble: String,
    /// What somebody else saved while this was typed.
    differences: Vec<Difference>,
}

impl StagePage {
    fn differences(&self, call: &Call, stands: &Form, typed: &Form) -> Vec<Difference> {
        let beside = Beside { call, stands, typed };
        let fields = [
            beside.text("stage-name", "name"),
            beside.text("stage-probability", "probability"),
            beside.text("stage-idle-days", "idle_days"),
            beside.chosen("stage-requires", "requires[]", &self.requirements),
            beside.chosen("stage-steps", "steps", &self.steps),
            beside.chosen("stage-next", "next[]", &self.others),
        ];
        fields.into_iter().flatten().collect()
    }
}

struct Facts {
    stage: Stage,
    pipeline: Pipeline,
    all: Vec<Stage>,
    deals: i64,
}

async fn facts(call: &Call, id: BoardStageId) -> Result<Facts, Failure> {
    call.db(move |tx| -> Result<_, DbError> {
        let stage = stages::find(tx, id)?;
        Ok(Facts {
            pipeline: pipelines::find(tx, stage.pipeline_id)?,
            all: stages::of_pipeline(tx, stage.pipeline_id)?,
            deals: stages::deals_in(tx, id)?,
            stage,
        })
    })
    .await
}

fn filled(stage: &Stage) -> Form {
    let steps = if stage.next.is_some() { Steps::Named } else { Steps::Any };
    let form = Form::default()
        .preset("name", &stage.name)
        .preset("probability", stage.probability)
        .preset("idle_days", stage.idle_days)
        .preset("steps", steps);
    let form = stage.requires.iter().fold(form, |form, one| form.preset("requires[]", one));
    stage.next.iter().flatten().fold(form, |form, next| form.preset("next[]", next))
}

fn page(call: &Call, facts: &Facts, form: &Form, failure: Option<&Failure>) -> StagePage {
    let Facts { stage, pipeline, all, deals } = facts;
    let may_go =
        stage.kind == StageKind::Open && all.iter().filter(|one| one.kind == StageKind::Open).count() > 1;
    let others = all.iter().filter(|one| one.kind == StageKind::Open && one.id != stage.id);
    StagePage {
        title: stage.name.clone(),
        crumbs: vec![
            Crumb::new(call, "nav-pipelines", "/pipelines"),
            Crumb::named(&pipeline.name, paths::pipeline(pipeline.id)),
        ],
        action: paths::stage(stage.id),
        cancel: paths::pipeline(pipeline.id),
        version: stage.version,
        is_open: stage.kind == StageKind::Open,
        is_lost: stage.kind == StageKind::Lost,
        requirements: phrases::choices(call, "stage-requires", Requirement::ALL),
        steps: phrases::choices(call, "stage-steps", Steps::ALL),
        others: others.map(|one| Choice::new(one.id, one.name.as_str())).collect(),
        form: form.view(call, failure),
        remove: if may_go { format!("{}/remove", paths::stage(stage.id)) } else { String::new() },
        remove_form: Form::default().view(call, None),
        deals: counted(call, "stage-deals", "count", *deals),
        trouble: String::new(),
        differences: Vec::new(),
    }
}

/// `GET /stages/{id}`
pub(crate) async fn edit(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let facts = facts(&call, call.id("id")?).await?;
    call.page("pipelines/stage.html", &page(&call, &facts, &filled(&facts.stage), None))
}

/// `POST /stages/{id}`
pub(crate) async fn update(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let (id, form): (BoardStageId, _) = (call.id("id")?, call.form());
    let (input, version) = (form.input::<StageInput>()?, form.version()?);
    match call.db(move |tx| stages::change(tx, id, version, &input)).await {
        Ok(stage) => Ok(call.done(paths::pipeline(stage.pipeline_id), "done-saved")),
        Err(failure) if failure.is_about_input() => {
            let facts = facts(&call, id).await?;
            let mut page = page(&call, &facts, &form, Some(&failure));
            if failure.code == Code::Stale {
                page.differences = page.differences(&call, &filled(&facts.stage), &form);
            } else {
                page.version = version;
            }
            call.page_with(phrases::again(&failure), "pipelines/stage.html", &page)
        }
        Err(failure) => Err(failure),
    }
}

/// `POST /stages/{id}/shift`
pub(crate) async fn shift(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let (id, form): (BoardStageId, _) = (call.id("id")?, call.form());
    let (input, version) = (form.input::<ShiftInput>()?, form.version()?);
    let pipeline = call.db(move |tx| stages::find(tx, id)).await?.pipeline_id;
    match call.db(move |tx| stages::shift(tx, id, version, &input)).await {
        Ok(_stage) => Ok(call.done(paths::pipeline(pipeline), "done-stage-shifted")),
        Err(failure) if failure.code == Code::Stale => {
            Ok(call.noted(paths::pipeline(pipeline), "done-stage-changed-meanwhile"))
        }
        Err(failure) => Err(failure),
    }
}

/// `POST /stages/{id}/remove`
pub(crate) async fn remove(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let (id, form): (BoardStageId, _) = (call.id("id")?, call.form());
    let (input, version) = (form.input::<RemoveInput>()?, form.version()?);
    let pipeline = call.db(move |tx| stages::find(tx, id)).await?.pipeline_id;
    match call.db(move |tx| stages::remove(tx, id, version, &input)).await {
        Ok(_moved) => Ok(call.done(paths::pipeline(pipeline), "done-stage-removed")),
        Err(failure) if failure.is_about_input() => {
            let facts = facts(&call, id).await?;
            let mut page = page(&call, &facts, &filled(&facts.stage), None);
            if failure.fields.is_empty() {
                page.trouble = failure.sentence(&call);
            }
            page.remove_form = form.view(&call, Some(&failure));
            call.page_with(phrases::again(&failure), "pipelines/stage.html", &page)
        }
        Err(failure) => Err(failure),
    }
}
