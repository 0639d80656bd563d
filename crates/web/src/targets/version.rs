//! `/targets/plans/{id}`: one version of a year's targets, and the form that sets one while it is open.

use std::collections::BTreeMap;
use std::rc::Rc;

use accounts::{Person, persons};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use clients::tags;
use db::{DbError, Tx};
use kernel::{Period, PersonId, Typed, date_in_japan};
use sales::colleagues;
use sales::targets::{self, Difference, Plan, PlanId, Scope, Target, TargetId, TargetInput};
use serde::{Deserialize, Serialize};

use super::pages::{metric_choices, version_name};
use super::sums::{Naming, RollUpRow};
use super::{HERE, may_steer, path, words};
use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::forms::{Form, FormView};
use crate::phrases::{self, Choice, counted};
use crate::shell::Crumb;

#[derive(Serialize)]
struct VersionPage {
    title: String,
    crumbs: Vec<Crumb>,
    is_open: bool,
    may_steer: bool,
    made: Vec<String>,
    closed: Vec<String>,
    rows: Vec<Row>,
    differences: Vec<DifferenceRow>,
    /// What the parts of each target come to, while the version is worked on.
    roll_ups: Vec<RollUpRow>,
    /// How many of these do not add up, in words; empty where all do.
    off: String,
    here: String,
    metrics: Vec<Choice>,
    scopes: Vec<Choice>,
    people: Vec<Choice>,
    tags: Vec<Choice>,
    periods: Vec<Choice>,
    ways: Vec<Way>,
    /// Into what parts the form cuts the year; empty where it sets one target.
    by: String,
    parts: Vec<PartField>,
    /// Under what name a browser keeps what was typed.
    draft: String,
    form: FormView,
}

#[derive(Serialize)]
struct Row {
    id: String,
    name: String,
    of: String,
    period: String,
    value: String,
    reason: String,
    who: String,
    is_above_meant: bool,
    edit: String,
    remove: String,
}

/// One of the ways of setting targets: one, a year's months, its quarters.
#[derive(Serialize)]
struct Way {
    label: String,
    href: String,
    current: bool,
}

/// A part of the year in the form that sets several.
#[derive(Serialize)]
struct PartField {
    name: String,
    label: String,
}

/// What the form is opened with: a target that is set already, and into what parts the year is cut.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct FormQuery {
    target: Typed,
    by: Typed,
}

#[derive(Serialize)]
struct DifferenceRow {
    name: String,
    before: String,
    after: String,
    reason: String,
}

struct Facts {
    plan: Plan,
    targets: Vec<Target>,
    differences: Vec<Difference>,
    named: BTreeMap<PersonId, Person>,
    sellers: Vec<Person>,
    tags: Vec<tags::TagUse>,
}

fn facts(tx: &mut Tx<'_>, id: PlanId) -> Result<Facts, DbError> {
    let plan = targets::find(tx, id)?;
    let targets = targets::of_plan(tx, id)?;
    let differences = differences(tx, &plan, &targets)?;
    let of_differences = differences.iter().filter_map(|one| one.before.as_ref());
    let mut named: Vec<PersonId> = targets
        .iter()
        .chain(of_differences)
        .flat_map(|one| one.person_id.into_iter().chain([one.set_by]))
        .collect();
    named.extend(plan.closed_by.into_iter().chain([plan.person_id]));
    Ok(Facts {
        named: persons::find_many(tx, &named)?,
        sellers: colleagues::list(tx)?,
        tags: tags::list(tx)?,
        plan,
        targets,
        differences,
    })
}

/// What differs from the version before; nothing in a year's first.
pub(super) fn differences(
    tx: &mut Tx<'_>,
    plan: &Plan,
    targets: &[Target],
) -> Result<Vec<Difference>, DbError> {
    let is_before = |other: &Plan| other.fiscal_year == plan.fiscal_year && other.number == plan.number - 1;
    match targets::plans(tx)?.into_iter().find(is_before) {
        Some(before) => Ok(targets::differences(&targets::of_plan(tx, before.id)?, targets)),
        None => Ok(Vec::new()),
    }
}

fn name_of(call: &Call, facts: &Facts, id: PersonId) -> String {
    facts.named.get(&id).map(|person| person.name_in(call.language)).unwrap_or_default()
}

fn row(call: &Call, facts: &Facts, target: &Target) -> Row {
    Row {
        id: format!("target-{}", target.id),
        name: words::metric(call.language, target.metric),
        of: words::scope(call.language, target, target.person_id.and_then(|id| facts.named.get(&id))),
        period: words::period(call.language, facts.plan.starts_on, target.period),
        value: words::value(call.language, target.metric, target.value),
        reason: target.reason.clone(),
        who: name_of(call, facts, target.set_by),
        is_above_meant: target.is_above_meant,
        edit: form_address(facts.plan.id, &target.id.to_string(), ""),
        remove: format!("{HERE}/{}/remove", target.id),
    }
}

/// The address of the form, opened with a target and cut `by` months or quarters.
fn form_address(plan: PlanId, target: &str, by: &str) -> String {
    phrases::address(&path(plan), &[("target", target), ("by", by)]) + "#set"
}

/// The parts of the year that a form cut `by` these has; none where it sets one target.
fn parts(by: &str) -> Vec<Period> {
    let months = match by {
        "months" => 1,
        "quarters" => 3,
        _ => return Vec::new(),
    };
    Period::ALL.iter().copied().filter(|period| period.months().1 == months).collect()
}

/// The form as it is opened: empty, or with what is set already.
fn opened(facts: &Facts, query: &FormQuery) -> Form {
    let chosen = facts.targets.iter().find(|one| one.id.to_string() == query.target.as_str());
    let Some(chosen) = chosen else { return Form::default() };
    let form = Form::default()
        .preset("metric", chosen.metric)
        .preset("scope", chosen.scope)
        .preset("person_id", chosen.person_id.map(|id| id.to_string()).unwrap_or_default())
        .preset("tag_id", chosen.tag_id.map(|id| id.to_string()).unwrap_or_default())
        .preset("period", chosen.period)
        .preset("value", chosen.value)
        .preset("above_is_meant", if chosen.is_above_meant { "yes" } else { "" })
        .preset("reason", chosen.reason.as_str());
    let of_same = |one: &&Target| {
        (one.metric, one.scope, one.person_id, one.tag_id)
            == (chosen.metric, chosen.scope, chosen.person_id, chosen.tag_id)
    };
    let set = facts.targets.iter().filter(of_same);
    set.fold(form, |form, one| form.preset(&format!("value_{}", one.period), one.value))
}

/// The ways of setting targets, with the one that the form has.
fn ways(call: &Call, plan: PlanId, query: &FormQuery) -> Vec<Way> {
    let way = |key: &str, by: &str| Way {
        label: call.text(key),
        href: form_address(plan, query.target.as_str(), by),
        current: by == query.by.as_str(),
    };
    vec![way("target-one", ""), way("target-by-months", "months"), way("target-by-quarters", "quarters")]
}

fn difference_row(call: &Call, facts: &Facts, one: &Difference) -> Option<DifferenceRow> {
    let about = one.after.as_ref().or(one.before.as_ref())?;
    let value = |target: &Option<Target>| {
        target
            .as_ref()
            .map(|target| words::value(call.language, target.metric, target.value))
            .unwrap_or_default()
    };
    let name = [
        words::metric(call.language, about.metric),
        words::scope(call.language, about, about.person_id.and_then(|id| facts.named.get(&id))),
        words::period(call.language, facts.plan.starts_on, about.period),
    ];
    Some(DifferenceRow {
        name: name.join(" · "),
        before: value(&one.before),
        after: value(&one.after),
        reason: one.after.as_ref().map(|target| target.reason.clone()).unwrap_or_default(),
    })
}

/// What the parts of each target come to; nothing once the version is closed.
fn roll_ups(call: &Call, facts: &Facts) -> Vec<RollUpRow> {
    if facts.plan.closed_at.is_some() {
        return Vec::new();
    }
    let team = i64::try_from(facts.sellers.len()).unwrap_or_default();
    let naming = Naming { call, people: &facts.named, starts_on: facts.plan.starts_on };
    naming.roll_ups(facts.targets.iter(), &targets::roll_ups(&facts.targets, team))
}

/// How many do not add up, for whoever is about to close the version.
fn off(call: &Call, roll_ups: &[RollUpRow]) -> String {
    match i64::try_from(roll_ups.iter().filter(|one| one.is_off).count()).unwrap_or_default() {
        0 => String::new(),
        count => counted(call, "targets-close-off", "count", count),
    }
}

fn said_by(call: &Call, facts: &Facts, id: PersonId, at: chrono::DateTime<chrono::Utc>) -> Vec<String> {
    vec![name_of(call, facts, id), format::full_date(call.language, date_in_japan(at))]
}

async fn page(call: &Call, id: PlanId, returned: Option<(&Form, &Failure)>) -> Result<HttpResponse, Failure> {
    let facts = call.db(move |tx| facts(tx, id)).await?;
    let plan = &facts.plan;
    let mut made = vec![plan.reason.clone()];
    made.extend(said_by(call, &facts, plan.person_id, plan.created_at));
    let closed = plan.closed_at.zip(plan.closed_by).map(|(at, by)| said_by(call, &facts, by, at));
    let tag = |one: &tags::TagUse| Choice::new(one.tag.id, one.tag.name.clone());
    let period = |period: &Period| Choice::new(period, words::period(call.language, plan.starts_on, *period));
    let roll_ups = roll_ups(call, &facts);
    let mut query: FormQuery = call.query();
    if let Some((form, _)) = returned {
        query.by = form.get("by").into();
    }
    let parts = parts(query.by.as_str());
    if parts.is_empty() {
        query.by = Typed::default();
    }
    let part = |period: &Period| PartField {
        name: format!("value_{period}"),
        label: words::period(call.language, plan.starts_on, *period),
    };
    let fresh = opened(&facts, &query);
    let page = VersionPage {
        title: version_name(call, plan),
        crumbs: vec![Crumb::new(call, "targets-title", HERE)],
        is_open: plan.closed_at.is_none(),
        may_steer: may_steer(call),
        made,
        closed: closed.unwrap_or_default(),
        rows: facts.targets.iter().map(|target| row(call, &facts, target)).collect(),
        differences: facts.differences.iter().filter_map(|one| difference_row(call, &facts, one)).collect(),
        off: off(call, &roll_ups),
        roll_ups,
        here: path(id),
        metrics: metric_choices(call),
        scopes: phrases::choices(call, "target-scope", Scope::ALL),
        people: phrases::people(call.language, &facts.sellers),
        tags: facts.tags.iter().map(tag).collect(),
        periods: Period::ALL.iter().map(period).collect(),
        ways: ways(call, id, &query),
        draft: form_address(id, query.target.as_str(), query.by.as_str()),
        parts: parts.iter().map(part).collect(),
        by: query.by.as_str().to_owned(),
        form: returned.map_or(&fresh, |(form, _)| form).view(call, returned.map(|(_, failure)| failure)),
    };
    let status: StatusCode = returned.map_or(StatusCode::OK, |(_, failure)| phrases::again(failure));
    call.page_with(status, "targets/version.html", &page)
}

/// `GET /targets/plans/{id}`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    page(&call, call.id("id")?, None).await
}

/// `POST /targets/plans/{id}`
pub(crate) async fn set(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: PlanId = call.id("id")?;
    let form = call.form();
    let parts = parts(form.get("by"));
    if !parts.is_empty() {
        return set_parts(&call, id, &form, &parts).await;
    }
    let input: TargetInput = form.without("by").input()?;
    match call.db(move |tx| targets::set(tx, id, &input)).await {
        Ok(_set) => Ok(call.done(path(id), "done-target-set")),
        Err(failure) if failure.is_about_input() => page(&call, id, Some((&form, &failure))).await,
        Err(failure) => Err(failure),
    }
}

/// Sets the parts of a year that are filled, in one transaction.
async fn set_parts(call: &Call, id: PlanId, form: &Form, parts: &[Period]) -> Result<HttpResponse, Failure> {
    let shared: TargetInput =
        form.without_those(|name| name == "by" || name.starts_with("value_")).input()?;
    let part = |period: &Period| TargetInput {
        period: period.to_string().into(),
        value: form.get(&format!("value_{period}")).into(),
        ..shared.clone()
    };
    let inputs: Vec<TargetInput> = parts.iter().map(part).collect();
    match call.db(move |tx| targets::set_each(tx, id, &inputs)).await {
        Ok(_set) => Ok(call.done(path(id), "done-targets-set")),
        Err(failure) if failure.is_about_input() => page(call, id, Some((form, &failure))).await,
        Err(failure) => Err(failure),
    }
}

/// `POST /targets/plans/{id}/close`
pub(crate) async fn close(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: PlanId = call.id("id")?;
    match call.db(move |tx| targets::close_version(tx, id)).await {
        Ok(_closed) => Ok(call.done(path(id), "done-targets-closed")),
        // It was pressed twice, or somebody was faster.
        Err(failure) if failure.code == kernel::Code::TargetsClosed => {
            Ok(call.noted(path(id), "done-targets-closed"))
        }
        Err(failure) => Err(failure),
    }
}

/// `POST /targets/{id}/remove`
pub(crate) async fn remove(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: TargetId = call.id("id")?;
    let plan = call.db(move |tx| targets::remove(tx, id)).await?;
    Ok(call.done(path(plan.id), "done-target-removed"))
}
