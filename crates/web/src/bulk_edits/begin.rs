//! The form that says what is changed: reached from a list with its chosen rows, or from a view with all it lists.

use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use db::filter::Of;
use db::{DbError, Tx};
use kernel::{Language, Typed};
use sales::bulk_edits::{self, BulkEditInput, EditField, EditKind, MOST_ROWS};
use sales::pipelines::Pipeline;
use sales::stages::{Stage, StageKind};
use sales::views::{self, Choosable, View, ViewId};
use sales::{pipelines, stages};
use serde::Serialize;

use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::forms::{Form, FormView};
use crate::paths;
use crate::phrases::{self, Choice, said, word};
use crate::shell::Crumb;

#[derive(Serialize)]
struct BeginPage {
    title: String,
    crumbs: Vec<Crumb>,
    kind: EditKind,
    /// The view it came from.
    view: Option<String>,
    ids: Vec<String>,
    /// The ticked rows, or all that the view lists.
    which: Vec<Choice>,
    /// Whether there is more than one edit may be about.
    is_too_much: bool,
    most: String,
    fields: Vec<Choice>,
    owners: Vec<Choice>,
    stages: Vec<Choice>,
    tags: Vec<Choice>,
    languages: Vec<Choice>,
    cancel: String,
    form: FormView,
}

struct Around {
    kind: EditKind,
    view: Option<(View, i64)>,
    owners: Vec<Choosable>,
    tags: Vec<Choosable>,
    stages: Vec<(Stage, String)>,
}

fn around(
    tx: &mut Tx<'_>,
    kind: EditKind,
    view: Option<ViewId>,
    language: Language,
) -> Result<Around, DbError> {
    let view = match view {
        Some(id) => {
            let view = views::find(tx, id)?;
            let count = views::totals(tx, &view)?.count;
            Some((view, count))
        }
        None => None,
    };
    let has = |field: EditField| kind.fields().contains(&field);
    let owners = if has(EditField::Owner) { views::choices(tx, Of::People, language)? } else { Vec::new() };
    let tags = if has(EditField::TagAdd) { views::choices(tx, Of::Tags, language)? } else { Vec::new() };
    let used = if has(EditField::Stage) { pipelines::in_use(tx)? } else { Vec::new() };
    let stages = stages::list(tx)?.into_iter().filter(|stage| stage.kind == StageKind::Open);
    let named = |stage: Stage| {
        let pipeline = used.iter().find(|one: &&Pipeline| one.id == stage.pipeline_id)?;
        let label =
            if used.len() > 1 { format!("{} · {}", stage.name, pipeline.name) } else { stage.name.clone() };
        Some((stage, label))
    };
    let stages = stages.filter_map(named).collect();
    Ok(Around { kind, view, owners, tags, stages })
}

fn page(call: &Call, around: &Around, form: &Form, failure: Option<&Failure>) -> BeginPage {
    let ids = form.all("ids[]");
    let choose = |one: &Choosable| Choice::new(one.id, one.label.as_str());
    let view = around.view.as_ref();
    let listed = view.map(|(_, count)| *count).unwrap_or_default();
    let mut which = Vec::new();
    if !ids.is_empty() {
        let count = format::count(i64::try_from(ids.len()).unwrap_or_default());
        which.push(Choice::new("ticked", said(call, "bulk-edit-ticked", [("count", &count)])));
    }
    if view.is_some() {
        which.push(Choice::new("all", said(call, "bulk-edit-all", [("count", &format::count(listed))])));
    }
    BeginPage {
        title: word(call, "bulk-edit-title", around.kind),
        crumbs: crumbs(call),
        kind: around.kind,
        which,
        is_too_much: listed > MOST_ROWS,
        most: format::count(MOST_ROWS),
        fields: phrases::choices(call, "bulk-edit-field", around.kind.fields()),
        owners: around.owners.iter().map(choose).collect(),
        stages: around.stages.iter().map(|(stage, label)| Choice::new(stage.id, label.as_str())).collect(),
        tags: around.tags.iter().map(choose).collect(),
        languages: phrases::choices(call, "contact-language", Language::ALL),
        cancel: view.map_or_else(|| format!("/{}", around.kind), |(view, _)| paths::view(view.saved.id)),
        view: view.map(|(view, _)| view.saved.id.to_string()),
        ids,
        form: form.view(call, failure),
    }
}

pub(super) fn crumbs(call: &Call) -> Vec<Crumb> {
    vec![Crumb::new(call, "bulk-edits", "/bulk-edits")]
}

async fn show(call: &Call, form: &Form, failure: Option<&Failure>) -> Result<HttpResponse, Failure> {
    let kind: EditKind = form.get("kind").parse().map_err(|_unknown| Failure::not_found())?;
    let view: Option<ViewId> = form.get("view_id").parse().ok();
    let language = call.language;
    let around = call.db(move |tx| around(tx, kind, view, language)).await?;
    let status = failure.map_or(StatusCode::OK, Failure::status);
    call.page_with(status, "bulk_edits/new.html", &page(call, &around, form, failure))
}

/// `GET /bulk-edits/new?kind=&view_id=&ids[]=`
pub(crate) async fn new(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let asked = Form::parse(call.request.query_string().as_bytes());
    if asked.get("ids[]").is_empty() && asked.get("view_id").is_empty() {
        let kind: EditKind = asked.get("kind").parse().map_err(|_unknown| Failure::not_found())?;
        return Ok(call.noted(format!("/{kind}"), "done-bulk-edit-none-ticked"));
    }
    let which = if asked.get("ids[]").is_empty() { "all" } else { "ticked" };
    let form = if asked.get("which").is_empty() { asked.preset("which", which) } else { asked };
    show(&call, &with_only_field(form), None).await
}

/// The form with the only field that there is to choose chosen already.
fn with_only_field(form: Form) -> Form {
    let kind: Option<EditKind> = form.get("kind").parse().ok();
    match kind.map(EditKind::fields) {
        Some([only]) if form.get("field").is_empty() => form.preset("field", only),
        _ => form,
    }
}

/// The form as the verb's input: each field has a control of its own for its value.
fn input(form: &Form) -> BulkEditInput {
    let field = form.get("field");
    let value = match field {
        "tag_add" | "tag_remove" => form.get("value_tag"),
        field => form.get(&format!("value_{field}")),
    };
    let is_all = form.get("which") == "all";
    BulkEditInput {
        kind: form.get("kind").into(),
        field: field.into(),
        value: value.into(),
        ids: if is_all { Vec::new() } else { form.all("ids[]").into_iter().map(Typed).collect() },
        view_id: if is_all { form.get("view_id").into() } else { Typed::default() },
    }
}

/// `POST /bulk-edits`
pub(crate) async fn begin(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let form = call.form();
    let (input, field) = (input(&form), form.get("field").to_owned());
    match call
        .once(&form, move |tx| bulk_edits::begin(tx, &input).map(|edit| paths::bulk_edit(edit.id)))
        .await
    {
        Ok(page) => Ok(call.see_other(page)),
        Err(mut failure) if failure.is_about_input() => {
            // Of what is not chosen, no value is missing: that is told once.
            failure.fields.retain(|problem| problem.field != "value" || !field.is_empty());
            // The value's problem stands at the control it was typed into.
            for problem in failure.fields.iter_mut().filter(|problem| problem.field == "value") {
                problem.field = match field.as_str() {
                    "tag_add" | "tag_remove" => "value_tag".to_owned(),
                    field => format!("value_{field}"),
                };
            }
            for problem in failure.fields.iter_mut().filter(|problem| problem.field == "ids") {
                "which".clone_into(&mut problem.field);
            }
            show(&call, &form, Some(&failure)).await
        }
        Err(failure) => Err(failure),
    }
}

/// What an edit changes, in one sentence: `担当を「鈴木 花子」にする`.
pub(super) fn sentence(call: &Call, edit: &bulk_edits::BulkEdit) -> String {
    let value = match (edit.field, edit.value.parse()) {
        (EditField::NextActionOn, Ok(day)) => format::full_date(call.language, day),
        (EditField::Language, _) => word(call, "contact-language", &edit.value),
        _ => edit.label.clone(),
    };
    said(call, &format!("bulk-edit-does-{}", edit.field.as_str().replace('_', "-")), [("value", &value)])
}
