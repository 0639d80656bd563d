//! Reading targets: the versions of a year, the targets of a version, how far each is.

use std::collections::HashMap;

use accounts::organizations;
use chrono::NaiveDate;
use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::{FiscalYear, Holidays, Period, Span, date_in_japan};
use schemars::JsonSchema;
use serde::Serialize;

use super::facts::{Facts, Grain, facts, orders_won, sample};
use super::model::{Metric, Plan, PlanId, Scope, Target, TargetId, in_force};
use super::progress::{Paced, Progress, RollUp, Sample, pace, roll_ups};
use super::store::{PlanRow, TargetRow};
use crate::schema::{target_plans, targets};

/// One version; [`DbError::NotFound`] where this town has none of that id.
pub fn find(tx: &mut Tx<'_>, id: PlanId) -> Result<Plan, DbError> {
    let found = target_plans::table.filter(target_plans::id.eq(id));
    let row: PlanRow = found.select(PlanRow::as_select()).first(tx.conn())?;
    Ok(row.into())
}

/// Every version, the newest year first and its newest version first. A year has a few, so they come in one piece.
pub fn plans(tx: &mut Tx<'_>) -> Result<Vec<Plan>, DbError> {
    let rows: Vec<PlanRow> = target_plans::table
        .order((target_plans::fiscal_year.desc(), target_plans::number.desc()))
        .select(PlanRow::as_select())
        .load(tx.conn())?;
    Ok(rows.into_iter().map(Plan::from).collect())
}

/// The targets of a version, by what is counted, of whom and when.
pub fn of_plan(tx: &mut Tx<'_>, plan: PlanId) -> Result<Vec<Target>, DbError> {
    let rows: Vec<TargetRow> =
        targets::table.filter(targets::plan_id.eq(plan)).select(TargetRow::as_select()).load(tx.conn())?;
    let mut found: Vec<Target> = rows.into_iter().map(Target::from).collect();
    found.sort_by_key(Target::about);
    Ok(found)
}

/// A target with the version it is of.
pub fn find_target(tx: &mut Tx<'_>, id: TargetId) -> Result<(Plan, Target), DbError> {
    let found = targets::table.filter(targets::id.eq(id));
    let row: TargetRow = found.select(TargetRow::as_select()).first(tx.conn())?;
    let target = Target::from(row);
    Ok((find(tx, target.plan_id)?, target))
}

/// The fiscal year of today and its first day, as the town's years begin.
pub fn this_year(tx: &mut Tx<'_>) -> Result<(FiscalYear, NaiveDate), DbError> {
    let town = organizations::find(tx)?;
    let year = town.fiscal_year_of(date_in_japan(tx.now()));
    Ok((year, town.days_of(year).first))
}

/// The first day of a fiscal year, as the town's years begin.
pub fn first_day_of(tx: &mut Tx<'_>, year: FiscalYear) -> Result<NaiveDate, DbError> {
    Ok(organizations::days_of_year(tx, year)?.first)
}

/// The last day of the latest year that somebody has set targets for, as that year's days were when they were set.
pub fn set_until(tx: &mut Tx<'_>) -> Result<Option<NaiveDate>, DbError> {
    let with_targets = targets::table.select(targets::plan_id);
    let starts_on: Option<NaiveDate> = target_plans::table
        .filter(target_plans::id.eq_any(with_targets))
        .select(diesel::dsl::max(target_plans::starts_on))
        .first(tx.conn())?;
    Ok(starts_on.map(|first| Period::Year.span(first).last))
}

/// What a year's targets are measured with.
#[derive(Debug, Clone)]
pub struct Measured {
    /// The version that holds.
    pub plan: Plan,
    /// Its targets.
    pub targets: Vec<Target>,
    /// What the sales team's records say.
    pub facts: Facts,
    /// How selling went in the last year.
    pub sample: Sample,
    /// Today in Japan.
    pub today: NaiveDate,
}

/// How far a year's targets are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "TargetsOfYear")]
pub struct Standing {
    /// The version that holds.
    pub plan: Plan,
    /// The day in Japan up to which is counted.
    pub as_of: NaiveDate,
    /// Each of its targets.
    pub targets: Vec<Progress>,
    /// What the parts of each come to.
    pub roll_ups: Vec<RollUp>,
    /// How selling went in the last year: what is needed is reckoned from it.
    pub sample: Sample,
}

/// The targets of `year` that hold, with what the sales team's records say; `None` where none were ever set.
pub fn measured(tx: &mut Tx<'_>, year: FiscalYear) -> Result<Option<Measured>, DbError> {
    match holding(tx, year)? {
        Some(plan) => measure(tx, plan).map(Some),
        None => Ok(None),
    }
}

/// The same of one version, whether it holds or not.
pub fn measure(tx: &mut Tx<'_>, plan: Plan) -> Result<Measured, DbError> {
    let targets = of_plan(tx, plan.id)?;
    Ok(Measured {
        facts: facts(tx, plan.span(Period::Year), Grain::of(&targets))?,
        sample: sample(tx)?,
        today: date_in_japan(tx.now()),
        targets,
        plan,
    })
}

/// The town's target for orders in `year` and its pace, where one holds. It stands on everybody's first page, so nothing
/// else is counted for it.
pub fn orders_of_year(tx: &mut Tx<'_>, year: FiscalYear) -> Result<Option<Paced>, DbError> {
    let Some(plan) = holding(tx, year)? else { return Ok(None) };
    let Some(target) = of_plan(tx, plan.id)?.into_iter().find(is_orders_of_year) else { return Ok(None) };
    let (span, today) = (plan.span(Period::Year), date_in_japan(tx.now()));
    let won = orders_won(tx, span)?;
    let pace = pace(Holidays::published(), span, today, target.value, won);
    Ok(Some(Paced { metric: target.metric, target: target.value, pace }))
}

fn is_orders_of_year(target: &Target) -> bool {
    (target.metric, target.scope, target.period) == (Metric::OrdersYen, Scope::Town, Period::Year)
}

/// The version of `year` that holds.
fn holding(tx: &mut Tx<'_>, year: FiscalYear) -> Result<Option<Plan>, DbError> {
    let versions: Vec<Plan> = plans(tx)?.into_iter().filter(|plan| plan.fiscal_year == year).collect();
    Ok(in_force(&versions).cloned())
}

impl Standing {
    /// The town's orders of the whole year, where they have a target.
    pub fn orders_of_year(&self) -> Option<&Progress> {
        self.targets.iter().find(|one| is_orders_of_year(&one.target))
    }
}

impl Measured {
    /// The targets that other owners' records say: the caller brings what was reached, by target.
    pub fn asked_elsewhere(&self) -> Vec<(TargetId, Metric, Span)> {
        let theirs = self.targets.iter().filter(|target| !target.metric.is_of_sales());
        theirs.map(|target| (target.id, target.metric, self.plan.span(target.period))).collect()
    }

    /// How far each target is; `elsewhere` is what others' records say of those that [`Measured::asked_elsewhere`] names.
    pub fn standing(self, elsewhere: &HashMap<TargetId, i64>) -> Standing {
        let Self { plan, targets, facts, sample, today } = self;
        let roll_ups = roll_ups(&targets, facts.team_size());
        let progress = |target: Target| {
            let span = plan.span(target.period);
            let own = facts.actual(target.metric, target.scope, target.person_id, target.tag_id, span);
            let actual = own.or_else(|| elsewhere.get(&target.id).copied());
            Progress::of(Holidays::published(), today, span, target, actual, &sample)
        };
        let targets = targets.into_iter().map(progress).collect();
        Standing { as_of: today, targets, roll_ups, sample, plan }
    }
}
