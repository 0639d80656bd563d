//! Targets (目標): what a town, its team, a person or a class of clients is to reach in a fiscal year or a part of it.
//!
//! A year has versions. One is open at a time and is worked on; closed, it stays as it was agreed, and the next begins as a
//! copy of it. The newest closed version holds.
//!
//! Invariants: no target of a closed version changes (`a_closed_version_refuses_every_change`); every figure equals a plain
//! count over the tables (`every_figure_equals_a_plain_recount`).

mod facts;
mod lists;
mod model;
mod progress;
mod store;
#[cfg(test)]
mod tests;

use chrono::Datelike;
use clients::tags;
use db::{DbError, Tx};
use kernel::{Code, Coded, FieldProblem, Invalid, Period, PersonId, date_in_japan};

pub use facts::{Facts, Grain, facts, sample};
pub use lists::{
    Measured, Standing, find, find_target, first_day_of, measure, measured, of_plan, orders_of_year, plans,
    set_until, this_year,
};
pub use model::{
    About, Difference, Metric, Plan, PlanId, PlanInput, Scope, Target, TargetId, TargetInput, Unit,
    differences, in_force,
};
pub use progress::{Basis, Needed, Over, Pace, Paced, Progress, RollUp, Sample, needed, pace, roll_ups};

use model::TargetFields;
use progress::{Part, own, own_of_each};

use crate::colleagues;
use crate::events::{TargetRisk, TargetsAtRisk};

/// Why targets were not set.
#[derive(Debug, thiserror::Error)]
pub enum TargetError {
    /// Fields that cannot be accepted; nothing was written.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The version was closed.
    #[error("the version is closed")]
    Closed,
    /// A version of that year is open already.
    #[error("a version of that year is open")]
    Open,
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for TargetError {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(invalid) => invalid.code(),
            Self::Closed => Code::TargetsClosed,
            Self::Open => Code::TargetsOpen,
            Self::Db(error) => error.code(),
        }
    }

    fn fields(&self) -> &[FieldProblem] {
        match self {
            Self::Invalid(invalid) => invalid.fields(),
            Self::Closed | Self::Open | Self::Db(_) => &[],
        }
    }
}

fn acting(tx: &Tx<'_>) -> Result<PersonId, DbError> {
    tx.actor().person().ok_or(DbError::NotFound)
}

/// Opens a year's next version: the targets of the one before, to be changed. The first one begins empty.
pub fn open_version(tx: &mut Tx<'_>, input: &PlanInput) -> Result<Plan, TargetError> {
    let (year, reason) = input.checked()?;
    let person = acting(tx)?;
    let versions: Vec<Plan> = plans(tx)?.into_iter().filter(|plan| plan.fiscal_year == year).collect();
    let before = versions.iter().max_by_key(|plan| plan.number);
    if before.is_some_and(|plan| plan.closed_at.is_none()) {
        return Err(TargetError::Open);
    }
    let number = before.map_or(1, |plan| plan.number + 1);
    // A year keeps its days. Where they are over and the town's years begin elsewhere by now, the year of that number is
    // another one, and a next version is of its days.
    let today = date_in_japan(tx.now());
    let runs = before.filter(|plan| plan.span(Period::Year).last >= today);
    let starts_on = match runs {
        Some(plan) => plan.starts_on,
        None => first_day_of(tx, year)?,
    };
    let plan = store::open(tx, person, (year, number), starts_on, &reason)?.ok_or(TargetError::Open)?;
    if let Some(before) = before {
        let targets = of_plan(tx, before.id)?;
        store::copy(tx, &targets, plan.id)?;
    }
    Ok(plan)
}

/// Closes a version: it holds from now on, and none of its targets changes any more.
pub fn close_version(tx: &mut Tx<'_>, id: PlanId) -> Result<Plan, TargetError> {
    let person = acting(tx)?;
    find(tx, id)?;
    store::close(tx, id, person)?.ok_or(TargetError::Closed)
}

/// Sets a target of an open version, or sets it anew. A person's target above the team's for the same time has to be
/// meant so.
pub fn set(tx: &mut Tx<'_>, plan: PlanId, input: &TargetInput) -> Result<Target, TargetError> {
    let fields = input.checked()?;
    let person = acting(tx)?;
    let plan = held(tx, plan)?;
    if let Some(whose) = fields.person_id {
        colleagues::check::<TargetError>(tx, "person_id", whose)?;
    }
    let tag_name = match fields.tag_id {
        None => None,
        Some(tag) => match tags::find(tx, tag) {
            Ok(tag) => Some(tag.name),
            Err(DbError::NotFound) => return Err(Invalid::field("tag_id", Code::UnknownChoice).into()),
            Err(error) => return Err(error.into()),
        },
    };
    above_the_team(&of_plan(tx, plan.id)?, &fields)?;
    Ok(store::set(tx, plan.id, person, &fields, tag_name)?)
}

/// Sets targets of several parts of a year at once, all of them or, where one cannot be accepted, none; those without a value
/// stay as they are. What is wrong with a value stands at `value_` and its part.
pub fn set_each(tx: &mut Tx<'_>, plan: PlanId, inputs: &[TargetInput]) -> Result<Vec<Target>, TargetError> {
    let is_filled = |one: &&TargetInput| !one.value.as_str().trim().is_empty();
    let mut filled: Vec<&TargetInput> = inputs.iter().filter(is_filled).collect();
    // Where nothing is filled, the first one says so.
    if filled.is_empty() {
        filled.extend(inputs.first());
    }
    let (mut made, mut wrong): (Vec<Target>, Vec<FieldProblem>) = (Vec::new(), Vec::new());
    for input in filled {
        match set(tx, plan, input) {
            Ok(target) => made.push(target),
            Err(TargetError::Invalid(Invalid(problems))) => {
                for mut problem in problems {
                    if problem.field == "value" {
                        problem.field = format!("value_{}", input.period.as_str().trim());
                    }
                    // What all of them share is said once.
                    if !wrong.contains(&problem) {
                        wrong.push(problem);
                    }
                }
            }
            Err(error) => return Err(error),
        }
    }
    if wrong.is_empty() { Ok(made) } else { Err(Invalid(wrong).into()) }
}

/// Whether what is reached in `part` is reached in `whole` too.
fn lies_in(metric: Metric, part: Period, whole: Period) -> bool {
    let ((from, months), (begins, long)) = (part.months(), whole.months());
    part == whole || (metric.adds_up() && from >= begins && from + months <= begins + long)
}

/// Refuses a person's target above the team's for the same time or a longer one around it, alone or with their other targets
/// in it, and a team's below such a person's, where nobody said that it is meant.
fn above_the_team(set: &[Target], fields: &TargetFields) -> Result<(), Invalid> {
    let problem = match fields.scope {
        Scope::Person if !fields.is_above_meant => {
            least_passed(set, fields).map(|team| FieldProblem::bounded("value", Code::AboveTeam, team))
        }
        Scope::Team => {
            let most = most_of_one(set, fields).filter(|most| *most > fields.value);
            most.map(|most| FieldProblem::bounded("value", Code::BelowPerson, most))
        }
        _ => None,
    };
    problem.map_or(Ok(()), |problem| Err(Invalid(vec![problem])))
}

/// The lowest of the team's targets that this one of a person passes, alone or with their others in the same time.
fn least_passed(set: &[Target], fields: &TargetFields) -> Option<i64> {
    let is_theirs = |one: &&Target| {
        (one.metric, one.scope, one.person_id) == (fields.metric, Scope::Person, fields.person_id)
    };
    let others = set.iter().filter(is_theirs).map(Part::from).filter(|one| one.period != fields.period);
    let this = Part { period: fields.period, value: fields.value, is_above_meant: false };
    let theirs: Vec<Part> = others.chain([this]).collect();
    let passes = |team: &&Target| {
        let together = own(&theirs, team.period);
        fields.value > team.value || (!together.is_above_meant && together.sum > team.value)
    };
    let of_team = set.iter().filter(|one| (one.metric, one.scope) == (fields.metric, Scope::Team));
    let around = of_team.filter(|one| lies_in(fields.metric, fields.period, one.period));
    around.filter(passes).map(|team| team.value).min()
}

/// The most that one person is to reach in the time of this target of the team, in one target or in several, without having
/// been meant to be above it.
fn most_of_one(set: &[Target], fields: &TargetFields) -> Option<i64> {
    let alike = set.iter().filter(|one| (one.metric, one.scope) == (fields.metric, Scope::Person));
    let within = alike.filter(|one| !one.is_above_meant && lies_in(fields.metric, one.period, fields.period));
    let each = own_of_each(set, fields.metric, fields.period).into_values();
    let together = each.filter(|own| !own.is_above_meant).map(|own| own.sum);
    within.map(|one| one.value).chain(together).max()
}

/// Takes a target out of an open version.
pub fn remove(tx: &mut Tx<'_>, id: TargetId) -> Result<Plan, TargetError> {
    let (plan, _) = find_target(tx, id)?;
    let plan = held(tx, plan.id)?;
    if store::remove(tx, plan.id, id)? { Ok(plan) } else { Err(DbError::NotFound.into()) }
}

/// Tells of the targets of an agreed version whose pace is behind, of each once a calendar month, however
/// many versions it goes through.
pub fn warn(tx: &mut Tx<'_>, standing: &Standing) -> Result<(), DbError> {
    let today = standing.as_of;
    let month_on = today.with_day(1).unwrap_or(today);
    let mut risks = Vec::new();
    let at_risk =
        standing.targets.iter().filter(|one| standing.plan.closed_at.is_some() && one.is_at_risk(today));
    for one in at_risk {
        if let (Some(pace), Some(actual)) = (one.pace, one.actual)
            && store::note_alert(tx, &standing.plan, &one.target, month_on)?
        {
            let (target, scope, person) = (one.target.id, one.target.scope, one.target.person_id);
            risks.push(TargetRisk { target, scope, person, actual, expected: pace.expected });
        }
    }
    if !risks.is_empty() {
        queue::record(tx, &TargetsAtRisk { targets: risks })?;
    }
    Ok(())
}

/// An open version, kept open until the transaction ends.
fn held(tx: &mut Tx<'_>, id: PlanId) -> Result<Plan, TargetError> {
    let plan = store::hold(tx, id)?;
    if plan.closed_at.is_some() { Err(TargetError::Closed) } else { Ok(plan) }
}
