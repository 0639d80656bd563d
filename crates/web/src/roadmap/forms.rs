//! The form that enters a milestone, or corrects and moves one.

use std::rc::Rc;

use accounts::Person;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use db::{DbError, Tx};
use kernel::{Code, FiscalYear, Typed};
use sales::roadmaps::{self, Milestone, MilestoneId, MilestoneInput};
use sales::targets::{self, Metric};
use sales::team;
use serde::Serialize;

use super::pages::{YearQuery, title_beside};
use super::{HERE, may_change, path};
use crate::call::Call;
use crate::failure::Failure;
use crate::forms::{Form, FormView};
use crate::phrases::{self, Choice};
use crate::shell::Crumb;

#[derive(Serialize)]
struct FormPage {
    title: String,
    crumbs: Vec<Crumb>,
    action: String,
    /// The version a correction is based on; empty for a new one.
    version: String,
    year: String,
    people: Vec<Choice>,
    metrics: Vec<Choice>,
    others: Vec<Choice>,
    form: FormView,
}

struct Facts {
    milestone: Option<Milestone>,
    year: FiscalYear,
    people: Vec<Person>,
    others: Vec<Milestone>,
}

fn facts(tx: &mut Tx<'_>, id: Option<MilestoneId>, year: Option<FiscalYear>) -> Result<Facts, DbError> {
    let milestone = match id {
        Some(id) => Some(roadmaps::find(tx, id)?),
        None => None,
    };
    let year = match (milestone.as_ref(), year) {
        (Some(milestone), _) => milestone.fiscal_year,
        (None, Some(year)) => year,
        (None, None) => targets::this_year(tx)?.0,
    };
    let mut others = roadmaps::of_year(tx, year)?;
    // What it waits for stays, in whichever year's roadmap it stands.
    let needs = milestone.iter().flat_map(|own| own.needs.iter().copied()).collect::<Vec<_>>();
    let mut elsewhere = roadmaps::find_many(tx, &needs)?;
    elsewhere.retain(|other| other.fiscal_year != year);
    others.extend(elsewhere);
    others.retain(|other| Some(other.id) != id);
    Ok(Facts { people: team::people(tx)?, milestone, year, others })
}

/// The form's field for what is waited for is a group of boxes.
fn input(form: &Form) -> Result<MilestoneInput, Failure> {
    let needs: Vec<Typed> = form.all("needs").into_iter().map(Typed).collect();
    let input: MilestoneInput = form.without("needs").input()?;
    Ok(MilestoneInput { needs, ..input })
}

fn as_it_is(milestone: &Milestone) -> Form {
    let standing = MilestoneInput::from(milestone);
    let form = Form::default()
        .preset("title", standing.title.as_str())
        .preset("note", standing.note.as_str())
        .preset("owner_id", standing.owner_id.as_str())
        .preset("due_on", standing.due_on.as_str())
        .preset("metric", standing.metric.as_str())
        .preset("value", standing.value.as_str());
    milestone.needs.iter().fold(form, |form, id| form.preset("needs", id))
}

async fn page(
    call: &Call,
    id: Option<MilestoneId>,
    year: Option<FiscalYear>,
    returned: Option<(&Form, &Failure)>,
) -> Result<HttpResponse, Failure> {
    let facts = call.db(move |tx| facts(tx, id, year)).await?;
    let own = facts.milestone.as_ref();
    if own.is_some_and(|milestone| !may_change(call, milestone)) {
        return Err(Failure::of(Code::Forbidden));
    }
    let fresh = match own {
        Some(milestone) => as_it_is(milestone),
        None => Form::default().preset("owner_id", call.person()?),
    };
    let version = match (returned, own) {
        (Some((form, failure)), Some(_)) if failure.code != Code::Stale => form.get("version").to_owned(),
        (_, Some(milestone)) => milestone.version.to_string(),
        _ => String::new(),
    };
    let crumb = match own {
        Some(milestone) => vec![
            Crumb::new(call, "roadmap-title", HERE),
            Crumb::named(milestone.title.clone(), path(milestone.id)),
        ],
        None => vec![Crumb::new(call, "roadmap-title", HERE)],
    };
    let other = |one: &Milestone| Choice::new(one.id, title_beside(call, facts.year, one));
    let page = FormPage {
        title: call.text(if own.is_some() { "milestone-edit" } else { "milestone-new" }),
        crumbs: crumb,
        action: id.map_or_else(|| format!("{HERE}/milestones"), path),
        version,
        year: facts.year.to_string(),
        people: phrases::people(call.language, &facts.people),
        metrics: phrases::choices(call, "target-metric", Metric::ALL),
        others: facts.others.iter().map(other).collect(),
        form: returned.map_or(&fresh, |(form, _)| form).view(call, returned.map(|(_, failure)| failure)),
    };
    let status: StatusCode = returned.map_or(StatusCode::OK, |(_, failure)| phrases::again(failure));
    call.page_with(status, "roadmap/form.html", &page)
}

/// `GET /roadmap/milestones/new`
pub(crate) async fn new(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let year: Option<FiscalYear> = call.query::<YearQuery>().year.as_str().parse().ok();
    page(&call, None, year, None).await
}

/// `POST /roadmap/milestones`
pub(crate) async fn create(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let form = call.form();
    let input = input(&form)?;
    match call.once(&form, move |tx| roadmaps::enter(tx, &input).map(|one| path(one.id))).await {
        Ok(location) => Ok(call.done(location, "done-milestone-entered")),
        Err(failure) if failure.is_about_input() => {
            let year = form.get("fiscal_year").parse().ok();
            page(&call, None, year, Some((&form, &failure))).await
        }
        Err(failure) => Err(failure),
    }
}

/// `GET /roadmap/milestones/{id}/edit`
pub(crate) async fn edit(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    page(&call, Some(call.id("id")?), None, None).await
}

/// `POST /roadmap/milestones/{id}`
pub(crate) async fn update(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: MilestoneId = call.id("id")?;
    let form = call.form();
    let (input, version) = (input(&form)?, form.version()?);
    match call.db(move |tx| roadmaps::change(tx, id, version, &input)).await {
        Ok(_changed) => Ok(call.done(path(id), "done-saved")),
        Err(failure) if failure.is_about_input() => {
            page(&call, Some(id), None, Some((&form, &failure))).await
        }
        Err(failure) => Err(failure),
    }
}
