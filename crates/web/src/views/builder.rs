//! The form in which a view's conditions, columns and order are put together. Every button but the last one only shows the
//! form again, changed; nothing is kept before that.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::ops::Range;
use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use db::filter::{DEEPEST, Field, Joined, Kind, Of, Operator};
use db::{DbError, Tx};
use kernel::{Language, Typed};
use sales::views::{self, Choosable, RowInput, Totals, View, ViewError, ViewId, ViewInput, ViewKind};
use serde::{Deserialize, Serialize};

use super::outline::{self, Step, depth};
use super::{crumbs, index_of, words};
use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::forms::{Form, FormView};
use crate::paths;
use crate::phrases::{self, Choice, said, word};
use crate::shell::Crumb;

#[derive(Serialize)]
struct BuilderPage {
    title: String,
    crumbs: Vec<Crumb>,
    action: String,
    cancel: String,
    kind: ViewKind,
    /// Of a view that is there already.
    version: Option<i32>,
    /// What its conditions come to; empty where they make no sense yet.
    count: String,
    joins: Vec<Choice>,
    nodes: Vec<NodeView>,
    fields: Vec<Choice>,
    sorts: Vec<Choice>,
    columns: Vec<ColumnView>,
    /// Where it can be removed.
    remove: Option<String>,
    form: FormView,
}

/// A group or a condition as the template draws it.
#[derive(Serialize)]
struct NodeView {
    /// Its row.
    index: usize,
    /// What it is called: `2`, `2.1`.
    number: String,
    is_group: bool,
    depth: usize,
    /// Whether another group may stand in it.
    may_nest: bool,
    nodes: Vec<NodeView>,
    /// The field's stored name, and what people call it.
    field: String,
    label: String,
    operators: Vec<Choice>,
    /// Which control its values want.
    control: &'static str,
    options: Vec<Choice>,
}

#[derive(Serialize)]
struct ColumnView {
    value: &'static str,
    label: String,
    is_chosen: bool,
}

/// What the town has of what conditions name.
type Choices = BTreeMap<Of, Vec<Choosable>>;

fn choices(tx: &mut Tx<'_>, kind: ViewKind, language: Language) -> Result<Choices, DbError> {
    let mut all = Choices::new();
    for of in kind.fields().iter().filter_map(|field| field.kind.choices()) {
        if let Entry::Vacant(free) = all.entry(of) {
            free.insert(views::choices(tx, of, language)?);
        }
    }
    Ok(all)
}

/// What a form is about besides what was typed.
struct Around {
    kind: ViewKind,
    /// The view that is being changed.
    view: Option<View>,
    choices: Choices,
    totals: Option<Totals>,
}

async fn around(
    call: &Call,
    kind: ViewKind,
    id: Option<ViewId>,
    input: &ViewInput,
) -> Result<Around, Failure> {
    let (language, input) = (call.language, input.clone());
    call.db(move |tx| -> Result<_, DbError> {
        let view = match id {
            Some(id) => Some(views::find(tx, id)?),
            None => None,
        };
        let totals = match views::preview(tx, kind, view.as_ref(), &input) {
            Ok(totals) => Some(totals),
            Err(ViewError::Db(error)) => return Err(error),
            Err(_) => None,
        };
        Ok(Around { kind, view, choices: choices(tx, kind, language)?, totals })
    })
    .await
}

fn page(call: &Call, around: Around, input: &ViewInput, failure: Option<&Failure>) -> BuilderPage {
    let Around { kind, view, choices, totals } = around;
    let (action, cancel) = match &view {
        Some(view) => (paths::view(view.saved.id), paths::view(view.saved.id)),
        None => ("/views".to_owned(), index_of(kind)),
    };
    let field = |field: &Field| Choice::new(field.name, word(call, "view-field", field.name));
    let sort = |sort: &db::filter::Sort| Choice::new(sort.name, word(call, "view-sort", sort.name));
    let nodes = Nodes { call, kind, rows: &input.rows, choices: &choices, view: view.as_ref() };
    BuilderPage {
        title: match &view {
            Some(view) => said(call, "view-edit-title", [("name", &view.saved.name)]),
            None => word(call, "view-new-title", kind),
        },
        crumbs: crumbs(call, kind),
        remove: view.as_ref().map(|view| format!("{}/delete", paths::view(view.saved.id))),
        version: view.as_ref().map(|view| view.saved.version),
        count: totals.map(|totals| format::count(totals.count)).unwrap_or_default(),
        joins: phrases::choices(call, "view-joined", Joined::ALL),
        nodes: nodes.within(0..input.rows.len(), 1, ""),
        fields: kind.fields().iter().map(field).collect(),
        sorts: kind.sorts().iter().map(sort).collect(),
        columns: columns(call, kind, &input.columns),
        form: outline::form(input).view(call, failure),
        action,
        cancel,
        kind,
    }
}

/// The chosen columns in their order, then the others.
fn columns(call: &Call, kind: ViewKind, chosen: &[Typed]) -> Vec<ColumnView> {
    let view = |value: &'static str, is_chosen| ColumnView {
        value,
        label: word(call, "view-column", value),
        is_chosen,
    };
    let known = |typed: &Typed| kind.columns().iter().copied().find(|column| *column == typed.as_str());
    let first: Vec<&str> = chosen.iter().filter_map(known).collect();
    let rest = kind.columns().iter().copied().filter(|column| !first.contains(column));
    first.iter().map(|column| view(column, true)).chain(rest.map(|column| view(column, false))).collect()
}

/// The outline as nested groups.
struct Nodes<'n> {
    call: &'n Call,
    kind: ViewKind,
    rows: &'n [RowInput],
    choices: &'n Choices,
    view: Option<&'n View>,
}

impl Nodes<'_> {
    fn within(&self, rows: Range<usize>, level: usize, before: &str) -> Vec<NodeView> {
        let mut nodes = Vec::new();
        let mut at = rows.start;
        while at < rows.end {
            let Some(row) = self.rows.get(at) else { break };
            let inner = self.rows.iter().take(rows.end).skip(at + 1).take_while(|below| depth(below) > level);
            let end = at + 1 + inner.count();
            let number = format!("{before}{}", nodes.len() + 1);
            let mut node = self.node(at, row, level, number);
            if node.is_group {
                node.nodes = self.within(at + 1..end, level + 1, &format!("{}.", node.number));
            }
            nodes.push(node);
            at = end;
        }
        nodes
    }

    fn node(&self, index: usize, row: &RowInput, level: usize, number: String) -> NodeView {
        let field = self.kind.field(row.field.as_str());
        let operator: Option<Operator> = row.operator.as_str().parse().ok();
        let operators = field.map(|field| field.kind.operators()).unwrap_or_default();
        NodeView {
            index,
            number,
            is_group: !row.joined.as_str().is_empty(),
            depth: level,
            may_nest: level + 1 < usize::from(DEEPEST),
            nodes: Vec::new(),
            field: row.field.to_string(),
            label: word(self.call, "view-field", field.map_or("vanished", |field| field.name)),
            operators: phrases::choices(self.call, "view-operator", operators),
            control: control(field, operator),
            options: field.map(|field| self.options(field, row)).unwrap_or_default(),
        }
    }

    /// What may be chosen; what the view named before and is gone stands there too.
    fn options(&self, field: Field, row: &RowInput) -> Vec<Choice> {
        if let Some(own) = words::own_words(field.kind) {
            return phrases::choices(self.call, words::prefix(self.kind, field.name), &own);
        }
        let Some(of) = field.kind.choices() else { return Vec::new() };
        let all = self.choices.get(&of).map(Vec::as_slice).unwrap_or_default();
        let mut options: Vec<Choice> =
            all.iter().map(|one| Choice::new(one.id, one.label.as_str())).collect();
        let before = self.view.map(|view| view.rows.as_slice()).unwrap_or_default();
        for one in before.iter().filter(|one| one.field == Some(field.name)) {
            for (value, label) in one.values.iter().zip(&one.labels) {
                let is_asked = row.values.iter().any(|asked| asked.as_str() == value);
                if !is_asked || all.iter().any(|there| there.id.to_string() == *value) {
                    continue;
                }
                let is_gone = one.gone.contains(value);
                let gone = || said(self.call, "view-gone", [("name", label)]);
                options.push(Choice::new(value, if is_gone { gone() } else { label.clone() }));
            }
        }
        options
    }
}

/// Which control the values of a test want.
fn control(field: Option<Field>, operator: Option<Operator>) -> &'static str {
    let is_yen = field.is_some_and(|field| matches!(field.kind, Kind::Yen { .. }));
    match operator {
        Some(Operator::Contains | Operator::Is) => "text",
        Some(Operator::Among | Operator::NotAmong) => "choices",
        Some(Operator::AtLeast | Operator::AtMost) => "yen",
        Some(Operator::Between) if is_yen => "yens",
        Some(Operator::Between) => "dates",
        Some(Operator::On | Operator::Before | Operator::After) => "date",
        Some(Operator::Within | Operator::Past | Operator::Older) => "days",
        Some(Operator::Empty | Operator::Filled | Operator::Mine) | None => "none",
    }
}

async fn show(
    call: &Call,
    id: Option<ViewId>,
    kind: ViewKind,
    input: &ViewInput,
    failure: Option<&Failure>,
) -> Result<HttpResponse, Failure> {
    let around = around(call, kind, id, input).await?;
    let status = failure.map_or(StatusCode::OK, phrases::again);
    call.page_with(status, "views/form.html", &page(call, around, input, failure))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct NewQuery {
    kind: Typed,
}

/// `GET /views/new?kind=`
pub(crate) async fn new(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let kind: ViewKind = call.query::<NewQuery>().kind.as_str().parse().unwrap_or(ViewKind::Deals);
    let input = ViewInput {
        kind: kind.as_str().into(),
        joined: Joined::All.as_str().into(),
        sort: kind.sort("").name.into(),
        columns: kind.usual_columns().iter().map(|column| (*column).into()).collect(),
        ..ViewInput::default()
    };
    show(&call, None, kind, &input, None).await
}

/// `GET /views/{id}/edit`
pub(crate) async fn edit(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: ViewId = call.id("id")?;
    let view = call.db(move |tx| views::find(tx, id)).await?;
    show(&call, Some(id), view.saved.kind, &outline::of(&view), None).await
}

/// `POST /views`: keeps a new view, or shows the form again as its buttons say.
pub(crate) async fn create(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let form = call.form();
    let (input, kind) = read(&form)?;
    if Step::of(&form) != Step::Save {
        return changed(&call, None, kind, &form, input).await;
    }
    let typed = input.clone();
    let kept = call.once(&form, move |tx| views::create(tx, &typed).map(|view| paths::view(view.saved.id)));
    match kept.await {
        Ok(page) => Ok(call.done(page, "done-view-kept")),
        Err(failure) if failure.is_about_input() => show(&call, None, kind, &input, Some(&failure)).await,
        Err(failure) => Err(failure),
    }
}

/// `POST /views/{id}`: the same for a view that is there.
pub(crate) async fn update(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let (id, form): (ViewId, Form) = (call.id("id")?, call.form());
    let (input, kind) = read(&form)?;
    if Step::of(&form) != Step::Save {
        return changed(&call, Some(id), kind, &form, input).await;
    }
    let (typed, version) = (input.clone(), form.version()?);
    match call.db(move |tx| views::change(tx, id, version, &typed)).await {
        Ok(_view) => Ok(call.done(paths::view(id), "done-view-kept")),
        Err(failure) if failure.is_about_input() => show(&call, Some(id), kind, &input, Some(&failure)).await,
        Err(failure) => Err(failure),
    }
}

fn read(form: &Form) -> Result<(ViewInput, ViewKind), Failure> {
    let input = outline::read(form);
    let kind = input.kind.as_str().parse().map_err(|_unknown| Failure::not_found())?;
    Ok((input, kind))
}

/// The form again after one of its buttons; whoever only looks is told what makes no sense.
async fn changed(
    call: &Call,
    id: Option<ViewId>,
    kind: ViewKind,
    form: &Form,
    mut input: ViewInput,
) -> Result<HttpResponse, Failure> {
    let step = Step::of(form);
    step.apply(form, kind, &mut input);
    if step != Step::Look {
        return show(call, id, kind, &input, None).await;
    }
    let typed = input.clone();
    let looked = call.db(move |tx| -> Result<_, ViewError> {
        let view = match id {
            Some(id) => Some(views::find(tx, id)?),
            None => None,
        };
        views::preview(tx, kind, view.as_ref(), &typed)
    });
    match looked.await {
        Ok(_totals) => show(call, id, kind, &input, None).await,
        Err(failure) if failure.is_about_input() => show(call, id, kind, &input, Some(&failure)).await,
        Err(failure) => Err(failure),
    }
}
