//! The roadmap (ロードマップ): a fiscal year's milestones, what each waits for, whom it is seen to by, planned against done.
//!
//! A milestone may be bound to a metric: then it reads what was sold and is being sold.
//!
//! Invariants: no milestone waits for itself, directly or through others (`no_milestone_waits_for_itself`,
//! `what_is_added_one_by_one_never_goes_in_a_circle`); each time one is moved stays with its reason
//! (`a_milestone_that_slips_keeps_its_history`); its owner is told of each day once
//! (`an_owner_is_told_of_each_day_once`).

mod lists;
mod model;
mod store;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use accounts::{Role, persons};
use chrono::{Days, NaiveDate};
use db::{DbError, Tx};
use kernel::{Code, Coded, FieldProblem, Invalid, Period, PersonId, date_in_japan};

pub use lists::{
    Standing, asked_elsewhere, find, find_many, latest_planned_year, moves, of_year, planned_until, read,
    stand, standing, standing_of,
};
pub use model::{
    Agreed, Milestone, MilestoneId, MilestoneInput, MilestoneState, Move, ReachedInput, Reading,
};

use crate::events::MilestoneDue;
use crate::{targets, team};

/// How many days before its day a milestone's owner is told.
const TOLD_BEFORE: u64 = 7;

/// Why a milestone was not entered, changed or reached.
#[derive(Debug, thiserror::Error)]
pub enum RoadmapError {
    /// Fields that cannot be accepted; nothing was written.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// It is done or dropped already, or it is not.
    #[error("the milestone is {0}")]
    State(MilestoneState),
    /// Neither its owner nor whoever steers: the sales team, an officer, an administrator.
    #[error("only its owner and whoever steers change a milestone")]
    NotTheirs,
    /// Somebody changed it since it was read.
    #[error("the milestone was changed meanwhile")]
    Stale,
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for RoadmapError {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(invalid) => invalid.code(),
            Self::State(_) => Code::Conflict,
            Self::NotTheirs => Code::Forbidden,
            Self::Stale => Code::Stale,
            Self::Db(error) => error.code(),
        }
    }

    fn fields(&self) -> &[FieldProblem] {
        match self {
            Self::Invalid(invalid) => invalid.fields(),
            Self::State(_) | Self::NotTheirs | Self::Stale | Self::Db(_) => &[],
        }
    }
}

fn acting(tx: &Tx<'_>) -> Result<PersonId, DbError> {
    tx.actor().person().ok_or(DbError::NotFound)
}

/// Enters a milestone. Its day lies in its fiscal year.
pub fn enter(tx: &mut Tx<'_>, input: &MilestoneInput) -> Result<Milestone, RoadmapError> {
    let fields = input.checked(None)?;
    let person = acting(tx)?;
    team::check_owner::<RoadmapError>(tx, fields.owner_id)?;
    let known = store::hold(tx)?;
    all_known(&known, &fields.needs)?;
    let year = fields.fiscal_year.ok_or_else(|| Invalid::field("fiscal_year", Code::Required))?;
    let span = Period::Year.span(targets::first_day_of(tx, year)?);
    not_before(&fields, span.first)?;
    if fields.due_on > span.last {
        return Err(Invalid(vec![FieldProblem::bounded("due_on", Code::TooLate, span.last)]).into());
    }
    let id = store::insert(tx, person, year, &fields)?;
    store::set_needs(tx, id, &fields.needs)?;
    Ok(find(tx, id)?)
}

/// Corrects a milestone that is to be reached. One that is moved keeps the days before, each with its reason; it may slip
/// past the end of its year, and stays in that year's roadmap.
pub fn change(
    tx: &mut Tx<'_>,
    id: MilestoneId,
    version: i32,
    input: &MilestoneInput,
) -> Result<Milestone, RoadmapError> {
    let known = store::hold(tx)?;
    let current = at_version(tx, id, version)?;
    is_theirs(tx, &current)?;
    current.must_be(MilestoneState::Planned)?;
    let fields = input.checked(Some(current.due_on))?;
    if fields.due_on != current.due_on {
        not_before(&fields, targets::first_day_of(tx, current.fiscal_year)?)?;
    }
    team::check_owner::<RoadmapError>(tx, fields.owner_id.filter(|owner| *owner != current.owner_id))?;
    all_known(&known, &fields.needs)?;
    if model::goes_in_a_circle(&known, id, &fields.needs) {
        return Err(Invalid::field("needs", Code::Circle).into());
    }
    if !store::update(tx, (id, version), &fields)? {
        return Err(RoadmapError::Stale);
    }
    if fields.due_on != current.due_on {
        let person = acting(tx)?;
        store::note_move(tx, person, id, (current.due_on, fields.due_on), &fields.reason)?;
    }
    store::set_needs(tx, id, &fields.needs)?;
    Ok(find(tx, id)?)
}

/// It is reached: today, or on a day before that in its year.
pub fn finish(
    tx: &mut Tx<'_>,
    id: MilestoneId,
    version: i32,
    input: &ReachedInput,
) -> Result<Milestone, RoadmapError> {
    let current = at_version(tx, id, version)?;
    is_theirs(tx, &current)?;
    let first = targets::first_day_of(tx, current.fiscal_year)?;
    let done_on = input.checked(first, date_in_japan(tx.now()))?;
    step(tx, (id, version), MilestoneState::Planned, MilestoneState::Done, Some(done_on))
}

/// Nobody wants it any more.
pub fn abandon(tx: &mut Tx<'_>, id: MilestoneId, version: i32) -> Result<Milestone, RoadmapError> {
    step(tx, (id, version), MilestoneState::Planned, MilestoneState::Dropped, None)
}

/// It was not reached after all, or is wanted again.
pub fn reopen(tx: &mut Tx<'_>, id: MilestoneId, version: i32) -> Result<Milestone, RoadmapError> {
    let current = at_version(tx, id, version)?;
    let from = if current.state == MilestoneState::Planned { MilestoneState::Done } else { current.state };
    step(tx, (id, version), from, MilestoneState::Planned, None)
}

fn step(
    tx: &mut Tx<'_>,
    (id, version): (MilestoneId, i32),
    from: MilestoneState,
    to: MilestoneState,
    done_on: Option<NaiveDate>,
) -> Result<Milestone, RoadmapError> {
    at_version(tx, id, version)?.must_be(from)?;
    if store::stand(tx, (id, version), to, done_on)? { Ok(find(tx, id)?) } else { Err(RoadmapError::Stale) }
}

fn at_version(tx: &mut Tx<'_>, id: MilestoneId, version: i32) -> Result<Milestone, RoadmapError> {
    let found = find(tx, id)?;
    if found.version == version { Ok(found) } else { Err(RoadmapError::Stale) }
}

/// A milestone is corrected and reached by its owner and by whoever steers.
fn is_theirs(tx: &mut Tx<'_>, current: &Milestone) -> Result<(), RoadmapError> {
    let acting = acting(tx)?;
    if acting == current.owner_id {
        return Ok(());
    }
    let person = persons::find(tx, acting)?;
    let steers = [Role::Sales, Role::Officer, Role::Admin].into_iter().any(|role| person.is(role));
    if steers { Ok(()) } else { Err(RoadmapError::NotTheirs) }
}

fn not_before(fields: &model::MilestoneFields, first: NaiveDate) -> Result<(), Invalid> {
    if fields.due_on >= first {
        return Ok(());
    }
    let before = first.pred_opt().unwrap_or(first);
    Err(Invalid(vec![FieldProblem::bounded("due_on", Code::NotLater, before)]))
}

fn all_known(
    known: &BTreeMap<MilestoneId, BTreeSet<MilestoneId>>,
    needs: &BTreeSet<MilestoneId>,
) -> Result<(), Invalid> {
    let is_known = needs.iter().all(|one| known.contains_key(one));
    if is_known { Ok(()) } else { Err(Invalid::field("needs", Code::UnknownChoice)) }
}

/// Tells the owners of milestones whose day comes within a week, of each day once.
pub fn warn_of_days(tx: &mut Tx<'_>) -> Result<(), DbError> {
    let today = date_in_japan(tx.now());
    let soon = planned_until(tx, today + Days::new(TOLD_BEFORE))?;
    for milestone in soon.into_iter().filter(|one| one.due_on >= today) {
        if store::note_alert(tx, milestone.id, milestone.due_on)? {
            let fact = MilestoneDue {
                milestone: milestone.id,
                title: milestone.title,
                owner: milestone.owner_id,
                due_on: milestone.due_on,
            };
            queue::record(tx, &fact)?;
        }
    }
    Ok(())
}
