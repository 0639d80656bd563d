//! Reading the weeks ahead: whose hours there are, and what wants them.

use db::{DbError, Tx};
use schemars::JsonSchema;
use serde::Serialize;
use workforce::Needs;
use workforce::skills::{self, Fitness, SkillId};

use super::held::{Overfull, overfull};
use super::weeks::{Demand, Source, Supply, Week, weeks};
use crate::promises::MayCome;
use crate::promises::town::{Lot, OpenOrder, Town};
use crate::units::UnitState;

/// How many weeks are looked at.
pub const WEEKS: usize = 13;

/// What the weeks are reckoned for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Asked {
    /// Only people who have this skill, and only work that asks for it.
    pub skill: Option<SkillId>,
    /// Minutes of checking for a thousand minutes of work, as the town assumes.
    pub check_permille: i64,
}

/// The weeks ahead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Capacity {
    /// From this one on, thirteen.
    pub weeks: Vec<Week>,
    /// How many people offer hours.
    pub people: i64,
    /// How much of what they offer they usually do, in thousandths.
    pub steady_permille: i64,
    /// How much of work is redone on average, in thousandths of its minutes.
    pub redo_permille: i64,
    /// How much checking was reckoned with, in thousandths of the minutes of work.
    pub check_permille: i64,
    /// Who holds more than fits into their hours by the days that bind them, who lacks most first; whatever skill was asked
    /// for.
    pub overfull: Vec<Overfull>,
}

/// Reckons the weeks ahead from what people offer, what is ordered and what may come; what may come asks for no skill.
pub fn ahead(tx: &mut Tx<'_>, asked: Asked, may_come: &[MayCome]) -> Result<Capacity, DbError> {
    let town = Town::read(tx)?;
    let mut supplies = Vec::new();
    for one in able(tx, &town, asked.skill)? {
        let Some(person) = town.people.get(one).filter(|person| person.days.iter().any(|day| *day > 0))
        else {
            continue;
        };
        let steady_permille = town.habits.habit(person.person.0, 0).steady_permille();
        supplies.push(Supply { days: person.days.clone(), steady_permille });
    }
    let redo_permille = town.habits.redo_permille();
    let shares = (asked.check_permille, redo_permille);
    let mut demands: Vec<Demand> =
        town.orders.iter().filter_map(|order| ordered(&town, order, asked.skill, shares)).collect();
    if asked.skill.is_none() {
        demands.extend(may_come.iter().map(|one| likely(&town, one, shares)));
    }
    let weeks = weeks(town.today, WEEKS, &supplies, &demands);
    let sum = |of: fn(&Week) -> i64| weeks.iter().map(of).sum::<i64>();
    let steady_permille = sum(|week| week.supply) * 1000 / sum(|week| week.offered).max(1);
    Ok(Capacity {
        people: i64::try_from(supplies.len()).unwrap_or(i64::MAX),
        weeks,
        steady_permille,
        redo_permille,
        check_permille: asked.check_permille,
        overfull: overfull(tx, &town)?,
    })
}

/// Who has the skill, as places among the town's people; all of them where none is asked for.
fn able(tx: &mut Tx<'_>, town: &Town, skill: Option<SkillId>) -> Result<Vec<usize>, DbError> {
    let Some(skill) = skill else { return Ok((0..town.people.len()).collect()) };
    let needs = Needs { skill: Some(skill), level: 1, ..Needs::NOTHING };
    let everybody = skills::fitness(tx, needs, town.today)?;
    let is_able = |place: &usize| {
        let person = town.people.get(*place).map(|one| one.worker);
        let of = everybody.iter().find(|one| Some(one.who.worker) == person);
        of.is_some_and(|one| matches!(one.fitness, Fitness::Fits | Fitness::OffToday))
    };
    Ok((0..town.people.len()).filter(is_able).collect())
}

/// What of an order is still to be done, in minutes as measured.
fn ordered(town: &Town, order: &OpenOrder, skill: Option<SkillId>, shares: (i64, i64)) -> Option<Demand> {
    let lots = town.lots.iter().filter(|lot| lot.order == order.id);
    let units: i64 = lots.filter_map(|lot| left(town, lot, skill)).sum();
    let unsplit = if skill.is_none() { measured(town, order.unsplit_minutes, 0) } else { 0 };
    let demand = Demand {
        source: Source::Order(order.id),
        minutes: units + unsplit,
        check_permille: shares.0,
        redo_permille: shares.1,
        due_on: order.due_on,
    };
    (demand.minutes > 0).then_some(demand)
}

fn left(town: &Town, lot: &Lot, skill: Option<SkillId>) -> Option<i64> {
    let is_done = matches!(
        lot.state,
        UnitState::Submitted
            | UnitState::Checking
            | UnitState::Passed
            | UnitState::Delivered
            | UnitState::Accepted
            | UnitState::Cancelled
    );
    let piece = town.pieces.get(&lot.job).filter(|_| !is_done)?;
    let asks = piece.needs.skill;
    let is_asked = skill.is_none_or(|skill| asks == Some(skill));
    let minutes = lot.units * i64::from(piece.unit_minutes);
    is_asked.then(|| measured(town, minutes, asks.map_or(0, |skill| skill.0)))
}

/// Minutes as thought, by how long work of the kind takes whoever does it; rounded up.
fn measured(town: &Town, minutes: i64, kind: i64) -> i64 {
    let pace = town.habits.habit(0, kind).pace_permille();
    (minutes * pace + 999) / 1000
}

fn likely(town: &Town, one: &MayCome, shares: (i64, i64)) -> Demand {
    Demand {
        source: Source::Deal { likely_permille: one.likely_permille },
        minutes: measured(town, one.minutes, 0),
        check_permille: shares.0,
        redo_permille: shares.1,
        // Without a day it is wanted evenly over all that is looked at.
        due_on: one
            .wanted_on
            .unwrap_or(town.today + chrono::TimeDelta::days(i64::try_from(WEEKS * 7).unwrap_or(0) - 1)),
    }
}
