//! `/roadmap/milestones/{id}`: one milestone with its history, and the steps it can take.

use std::collections::BTreeMap;
use std::rc::Rc;

use accounts::{Person, persons};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use kernel::{Code, PersonId};
use sales::roadmaps::{self, Milestone, MilestoneId, MilestoneState, ReachedInput, RoadmapError, Standing};
use serde::Serialize;

use super::pages::{slipped, title_beside};
use super::reading::sentence;
use super::{HERE, may_change, path};
use crate::call::Call;
use crate::failure::Failure;
use crate::format::{self, Due};
use crate::forms::{Form, FormView};
use crate::phrases;
use crate::shell::Crumb;
use crate::steering;
use crate::targets::may_steer;

#[derive(Serialize)]
struct MilestonePage {
    title: String,
    crumbs: Vec<Crumb>,
    state: MilestoneState,
    /// It is said to be reached, and its number is not.
    is_done_short: bool,
    /// Its number is reached, and nobody has said that it is.
    is_reached: bool,
    /// It is said to be reached, and something it waits for is not.
    is_done_before_its_needs: bool,
    reads: String,
    note: String,
    owner: String,
    due: Due,
    first: String,
    slipped: String,
    done: String,
    may_steer: bool,
    may_change: bool,
    here: String,
    version: i32,
    waits: Vec<Link>,
    moves: Vec<MoveRow>,
    /// On which other day it was reached.
    form: FormView,
}

/// Another milestone.
#[derive(Serialize)]
struct Link {
    title: String,
    href: String,
    state: MilestoneState,
    due: String,
    /// It is planned for a later day than what waits for it.
    is_later: bool,
}

#[derive(Serialize)]
struct MoveRow {
    from: String,
    to: String,
    reason: String,
    who: String,
    at: String,
}

struct Facts {
    standing: Standing,
    waits: Vec<Milestone>,
    people: BTreeMap<PersonId, Person>,
    now: DateTime<Utc>,
}

fn facts(tx: &mut Tx<'_>, id: MilestoneId) -> Result<Facts, DbError> {
    let standing = roadmaps::standing_of(tx, id)?;
    let standing = steering::with_actual(tx, standing)?;
    let waits = roadmaps::find_many(tx, &standing.milestone.needs)?;
    let mut named: Vec<PersonId> = standing.moves.iter().map(|one| one.person_id).collect();
    named.push(standing.milestone.owner_id);
    Ok(Facts { people: persons::find_many(tx, &named)?, standing, waits, now: tx.now() })
}

/// `GET /roadmap/milestones/{id}`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    page(&call, call.id("id")?, None).await
}

async fn page(
    call: &Call,
    id: MilestoneId,
    returned: Option<(&Form, &Failure)>,
) -> Result<HttpResponse, Failure> {
    let facts = call.db(move |tx| facts(tx, id)).await?;
    let milestone = &facts.standing.milestone;
    let name = |id: &PersonId| facts.people.get(id).map(|one| one.name_in(call.language)).unwrap_or_default();
    let day = |day| format::full_date(call.language, day);
    let moved = |one: &roadmaps::Move| MoveRow {
        from: day(one.from_on),
        to: day(one.to_on),
        reason: one.reason.clone(),
        who: name(&one.person_id),
        at: format::full_moment(call.language, one.moved_at),
    };
    let link = |one: &Milestone| Link {
        title: title_beside(call, milestone.fiscal_year, one),
        href: path(one.id),
        state: one.state,
        due: format::short_date(call.language, one.due_on),
        is_later: facts.standing.later_needs.contains(&one.id),
    };
    let page = MilestonePage {
        title: milestone.title.clone(),
        crumbs: vec![Crumb::new(call, "roadmap-title", HERE)],
        state: milestone.state,
        is_done_short: facts.standing.is_done_short(),
        is_reached: facts.standing.is_reached(),
        is_done_before_its_needs: milestone.state == MilestoneState::Done
            && facts.waits.iter().any(|one| one.state == MilestoneState::Planned),
        reads: sentence(call.language, milestone, facts.standing.reading.as_ref()),
        note: milestone.note.clone(),
        owner: name(&milestone.owner_id),
        due: if milestone.state == MilestoneState::Planned {
            format::due_on(call.language, facts.now, milestone.due_on)
        } else {
            format::day(call.language, milestone.due_on)
        },
        first: day(milestone.planned_on),
        slipped: slipped(call, &facts.standing),
        done: milestone.done_on.map(day).unwrap_or_default(),
        may_steer: may_steer(call),
        may_change: may_change(call, milestone),
        here: path(id),
        version: milestone.version,
        waits: facts.waits.iter().map(link).collect(),
        moves: facts.standing.moves.iter().map(moved).collect(),
        form: returned
            .map_or(&Form::default(), |(form, _)| form)
            .view(call, returned.map(|(_, failure)| failure)),
    };
    let status: StatusCode = returned.map_or(StatusCode::OK, |(_, failure)| phrases::again(failure));
    call.page_with(status, "roadmap/show.html", &page)
}

/// A step of a milestone: pressed twice it leads to where the first press led.
async fn step(
    call: &Call,
    key: &'static str,
    verb: impl FnOnce(&mut Tx<'_>, MilestoneId, i32) -> Result<Milestone, RoadmapError> + Send + 'static,
) -> Result<HttpResponse, Failure> {
    let id: MilestoneId = call.id("id")?;
    let form = call.form();
    let version = form.version()?;
    match call.db(move |tx| verb(tx, id, version)).await {
        Ok(_stands) => Ok(call.done(path(id), key)),
        Err(failure) if failure.code == Code::Stale => Ok(call.noted(path(id), "done-milestone-changed")),
        Err(failure) if failure.is_about_input() => page(call, id, Some((&form, &failure))).await,
        Err(failure) => Err(failure),
    }
}

/// `POST /roadmap/milestones/{id}/finish`
pub(crate) async fn finish(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let reached = ReachedInput { done_on: call.form().get("done_on").into() };
    step(&call, "done-milestone-finished", move |tx, id, version| roadmaps::finish(tx, id, version, &reached))
        .await
}

/// `POST /roadmap/milestones/{id}/abandon`
pub(crate) async fn abandon(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    step(&call, "done-milestone-abandoned", roadmaps::abandon).await
}

/// `POST /roadmap/milestones/{id}/reopen`
pub(crate) async fn reopen(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    step(&call, "done-milestone-reopened", roadmaps::reopen).await
}
