//! Reading roadmaps: a year's milestones, what each waits for, how often it was moved, what those bound to a metric come to.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::NaiveDate;
use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::{CompanyId, DealId, FiscalYear, Period, Span, date_in_japan};
use schemars::JsonSchema;
use serde::Serialize;

use super::model::{Agreed, Milestone, MilestoneId, MilestoneState, Move, Prospect, Reading, weighted};
use super::store::{MilestoneRow, MoveRow};
use crate::deals::DealStatus;
use crate::forecasts::{self, Position};
use crate::schema::{deals, milestone_moves, milestone_needs, milestones};
use crate::targets::{self, Grain, Metric, Scope, Target};

/// One milestone; [`DbError::NotFound`] where this town has none of that id.
pub fn find(tx: &mut Tx<'_>, id: MilestoneId) -> Result<Milestone, DbError> {
    let found = milestones::table.filter(milestones::id.eq(id));
    let row: MilestoneRow = found.select(MilestoneRow::as_select()).first(tx.conn())?;
    with_needs(tx, vec![row])?.pop().ok_or(DbError::NotFound)
}

/// Those of these that this town has, by the day they are planned for.
pub fn find_many(tx: &mut Tx<'_>, ids: &[MilestoneId]) -> Result<Vec<Milestone>, DbError> {
    let rows: Vec<MilestoneRow> = milestones::table
        .filter(milestones::id.eq_any(ids))
        .order((milestones::due_on, milestones::id))
        .select(MilestoneRow::as_select())
        .load(tx.conn())?;
    with_needs(tx, rows)
}

/// A year's milestones by the day they are planned for. A roadmap is for people to see as a whole, so it comes in one piece.
pub fn of_year(tx: &mut Tx<'_>, year: FiscalYear) -> Result<Vec<Milestone>, DbError> {
    let rows: Vec<MilestoneRow> = milestones::table
        .filter(milestones::fiscal_year.eq(year.0))
        .order((milestones::due_on, milestones::id))
        .select(MilestoneRow::as_select())
        .load(tx.conn())?;
    with_needs(tx, rows)
}

/// What is to be reached by `until`, the earliest first.
pub fn planned_until(tx: &mut Tx<'_>, until: NaiveDate) -> Result<Vec<Milestone>, DbError> {
    let rows: Vec<MilestoneRow> = milestones::table
        .filter(milestones::state.eq(MilestoneState::Planned))
        .filter(milestones::due_on.le(until))
        .order((milestones::due_on, milestones::id))
        .select(MilestoneRow::as_select())
        .load(tx.conn())?;
    with_needs(tx, rows)
}

fn with_needs(tx: &mut Tx<'_>, rows: Vec<MilestoneRow>) -> Result<Vec<Milestone>, DbError> {
    let ids: Vec<MilestoneId> = rows.iter().map(|row| row.id).collect();
    let pairs: Vec<(MilestoneId, MilestoneId)> = milestone_needs::table
        .filter(milestone_needs::milestone_id.eq_any(&ids))
        .order((milestone_needs::milestone_id, milestone_needs::needs_id))
        .select((milestone_needs::milestone_id, milestone_needs::needs_id))
        .load(tx.conn())?;
    let mut needs: HashMap<MilestoneId, Vec<MilestoneId>> = HashMap::new();
    for (milestone, other) in pairs {
        needs.entry(milestone).or_default().push(other);
    }
    Ok(rows
        .into_iter()
        .map(|row| {
            let own = needs.remove(&row.id).unwrap_or_default();
            row.read(own)
        })
        .collect())
}

/// Every time one of these was moved, the oldest first.
pub fn moves(tx: &mut Tx<'_>, ids: &[MilestoneId]) -> Result<Vec<Move>, DbError> {
    let rows: Vec<MoveRow> = milestone_moves::table
        .filter(milestone_moves::milestone_id.eq_any(ids))
        .order(milestone_moves::id)
        .select(MoveRow::as_select())
        .load(tx.conn())?;
    Ok(rows.into_iter().map(Move::from).collect())
}

/// Of what these wait for, the day of whatever is still to be reached.
fn planned_needs(tx: &mut Tx<'_>, found: &[Milestone]) -> Result<HashMap<MilestoneId, NaiveDate>, DbError> {
    let ids: Vec<MilestoneId> = found.iter().flat_map(|one| one.needs.iter().copied()).collect();
    let rows: Vec<(MilestoneId, NaiveDate)> = milestones::table
        .filter(milestones::id.eq_any(ids))
        .filter(milestones::state.eq(MilestoneState::Planned))
        .select((milestones::id, milestones::due_on))
        .load(tx.conn())?;
    Ok(rows.into_iter().collect())
}

/// A milestone as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "MilestoneStanding")]
pub struct Standing {
    /// The milestone.
    pub milestone: Milestone,
    /// Every time it was moved, the oldest first.
    pub moves: Vec<Move>,
    /// What it comes to, where it is bound to a metric. Null where nothing can be said of it
    /// yet, and until the caller brings what other owners count.
    pub reading: Option<Reading>,
    /// Days it is later than planned at first; negative where sooner.
    pub slipped_days: i64,
    /// Its day has passed and it is still to be reached.
    pub is_late: bool,
    /// What it waits for and is planned for a later day than itself, so that it cannot be kept as it stands.
    pub later_needs: Vec<MilestoneId>,
}

impl Standing {
    /// Whether it is still to be reached and, as things are sold, will not be.
    pub fn is_short(&self) -> bool {
        self.milestone.state == MilestoneState::Planned
            && self.reading.is_some_and(|reading| reading.short_hundredths > 0)
    }

    /// Whether its metric has come to what is wanted and nobody has said yet that it is reached.
    pub fn is_reached(&self) -> bool {
        let reached = self.reading.map(|reading| reading.reached);
        self.milestone.state == MilestoneState::Planned
            && reached.is_some()
            && reached >= self.milestone.value
    }

    /// Whether somebody said that it is reached though its metric has not come to what is wanted.
    pub fn is_done_short(&self) -> bool {
        let reached = self.reading.map(|reading| reading.reached);
        self.milestone.state == MilestoneState::Done && reached < self.milestone.value && reached.is_some()
    }
}

/// A year's roadmap as it stands.
pub fn standing(tx: &mut Tx<'_>, year: FiscalYear) -> Result<Vec<Standing>, DbError> {
    let found = of_year(tx, year)?;
    stand(tx, found)
}

/// One milestone as it stands; [`DbError::NotFound`] where this town has none of that id.
pub fn standing_of(tx: &mut Tx<'_>, id: MilestoneId) -> Result<Standing, DbError> {
    let found = find(tx, id)?;
    stand(tx, vec![found])?.pop().ok_or(DbError::NotFound)
}

/// The latest year in whose roadmap something is still to be reached.
pub fn latest_planned_year(tx: &mut Tx<'_>) -> Result<Option<FiscalYear>, DbError> {
    let planned = milestones::table.filter(milestones::state.eq(MilestoneState::Planned));
    let latest: Option<i32> = planned.select(diesel::dsl::max(milestones::fiscal_year)).first(tx.conn())?;
    Ok(latest.map(FiscalYear))
}

/// These milestones as they stand.
pub fn stand(tx: &mut Tx<'_>, found: Vec<Milestone>) -> Result<Vec<Standing>, DbError> {
    let ids: Vec<MilestoneId> = found.iter().map(|one| one.id).collect();
    let moves = moves(tx, &ids)?;
    let today = date_in_japan(tx.now());
    let mut readings = readings(tx, &found, today)?;
    let needed = planned_needs(tx, &found)?;
    let later = |milestone: &Milestone| {
        let is_later = |need: &MilestoneId| needed.get(need).is_some_and(|due| *due > milestone.due_on);
        let needs = milestone.needs.iter().copied().filter(is_later);
        if milestone.state == MilestoneState::Planned { needs.collect() } else { Vec::new() }
    };
    Ok(found
        .into_iter()
        .map(|milestone| Standing {
            moves: moves.iter().filter(|one| one.milestone_id == milestone.id).cloned().collect(),
            reading: readings.remove(&milestone.id),
            slipped_days: milestone.slipped_days(),
            is_late: milestone.is_late(today),
            later_needs: later(&milestone),
            milestone,
        })
        .collect())
}

/// What milestones that are bound to a metric come to: counted from their fiscal year's first day up to today, one that was
/// reached or dropped up to its own ([`Milestone::counts_until`]), and weighted up to their own.
fn readings(
    tx: &mut Tx<'_>,
    found: &[Milestone],
    today: NaiveDate,
) -> Result<HashMap<MilestoneId, Reading>, DbError> {
    let mut of_year: BTreeMap<FiscalYear, Vec<&Milestone>> = BTreeMap::new();
    for one in found.iter().filter(|one| one.metric.is_some_and(Metric::is_of_sales)) {
        of_year.entry(one.fiscal_year).or_default().push(one);
    }
    let mut readings = HashMap::new();
    if of_year.is_empty() {
        return Ok(readings);
    }
    let prospects = prospects(tx)?;
    for (year, bound) in of_year {
        let first = targets::first_day_of(tx, year)?;
        let last = bound.iter().map(|one| one.counts_until(today)).max().unwrap_or(first);
        let facts = targets::facts(tx, Span { first, last }, Grain::Person)?;
        let set = in_force(tx, year)?;
        for one in bound {
            let Some((metric, value)) = one.metric.zip(one.value) else { continue };
            let span = Span { first, last: one.counts_until(today) };
            let reached = facts.actual(metric, Scope::Town, None, None, span).unwrap_or_default();
            let is_open = one.state == MilestoneState::Planned && one.due_on >= today;
            let expected = if is_open { weighted(metric, &prospects, span) } else { 0 };
            let target = agreed(&set, metric, Span { first, last: one.due_on });
            let reading = Reading { target, from_on: Some(first), ..Reading::of(value, reached, expected) };
            readings.insert(one.id, reading);
        }
    }
    Ok(readings)
}

/// The days of a milestone that is bound to what other owners count, with the metric; nothing of any other.
pub fn asked_elsewhere(tx: &mut Tx<'_>, one: &Milestone) -> Result<Option<(Metric, Span)>, DbError> {
    let Some(metric) = one.metric.filter(|metric| !metric.is_of_sales()) else { return Ok(None) };
    let first = targets::first_day_of(tx, one.fiscal_year)?;
    let today = date_in_japan(tx.now());
    Ok(Some((metric, Span { first, last: one.counts_until(today) })))
}

/// What a milestone of [`asked_elsewhere`] comes to with what its owner counted. No deal promises anything of that.
pub fn read(
    tx: &mut Tx<'_>,
    one: &Milestone,
    (metric, span): (Metric, Span),
    reached: i64,
) -> Result<Option<Reading>, DbError> {
    let Some(value) = one.value else { return Ok(None) };
    let set = in_force(tx, one.fiscal_year)?;
    let target = agreed(&set, metric, Span { last: one.due_on, ..span });
    Ok(Some(Reading { target, from_on: Some(span.first), ..Reading::of(value, reached, 0) }))
}

/// The town's targets of a year that hold, each with its days.
fn in_force(tx: &mut Tx<'_>, year: FiscalYear) -> Result<Vec<(Target, Span)>, DbError> {
    let mut versions = targets::plans(tx)?;
    versions.retain(|plan| plan.fiscal_year == year);
    let Some(plan) = targets::in_force(&versions) else { return Ok(Vec::new()) };
    let mut set = targets::of_plan(tx, plan.id)?;
    set.retain(|target| target.scope == Scope::Town);
    let with_days = |target: Target| {
        let days = plan.span(target.period);
        (target, days)
    };
    Ok(set.into_iter().map(with_days).collect())
}

/// What these targets ask of a metric in `span`, or else in the whole year.
fn agreed(set: &[(Target, Span)], metric: Metric, span: Span) -> Option<Agreed> {
    let of_metric = || set.iter().filter(|(target, _)| target.metric == metric);
    let found = of_metric().find(|(_, days)| *days == span);
    let found = found.or_else(|| of_metric().find(|(target, _)| target.period == Period::Year));
    found.map(|(target, days)| Agreed { until: days.last, value: target.value })
}

/// Every open deal as the forecast sees it, with its company.
fn prospects(tx: &mut Tx<'_>) -> Result<Vec<Prospect>, DbError> {
    let positions = forecasts::open(tx)?;
    let open = deals::table.filter(deals::state.eq(DealStatus::Open));
    let companies: HashMap<DealId, CompanyId> = open
        .select((deals::id, deals::company_id))
        .load::<(DealId, CompanyId)>(tx.conn())?
        .into_iter()
        .collect();
    let clients: HashSet<CompanyId> = deals::table
        .filter(deals::state.eq(DealStatus::Won))
        .filter(deals::company_id.eq_any(companies.values().copied().collect::<HashSet<_>>()))
        .select(deals::company_id)
        .distinct()
        .load(tx.conn())?
        .into_iter()
        .collect();
    let prospect = |position: Position| {
        let company = *companies.get(&position.deal)?;
        Some(Prospect { position, company, is_new: !clients.contains(&company) })
    };
    Ok(positions.into_iter().filter_map(prospect).collect())
}
