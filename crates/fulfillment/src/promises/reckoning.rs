//! From what a town knows to the days it can promise. No database here.

use std::collections::BTreeMap;

use chrono::{Datelike as _, Days as Span, NaiveDate};
use kernel::{JobId, PersonId};
use workforce::Needs;

use super::model::{Basis, Days, Gap, Help, MayCome, RemedyKind};
use super::past::{NO_SKILL, minutes};
use super::town::{HORIZON_DAYS, Lot, OpenOrder, Piece, Someone, Town};
use crate::forecast::{
    AT_RISK_PERMILLE, Ends, Goal, Hand, Held, Part, Plan, Remedy, Waiting, cheapest, checking_at_once_helps,
    deal_out, play,
};
use crate::units::UnitState;

/// Runs of what is kept, and of what is asked while somebody waits for it.
pub(super) const NIGHTLY_RUNS: u32 = 20_000;
pub(super) const ASKED_RUNS: u32 = 2_000;
/// Work that is not split into units yet is dealt out by the hour.
const UNSPLIT_MINUTES: i64 = 60;

/// How units stand for a forecast.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stand {
    /// Nobody has them.
    Waits,
    /// Somebody has them and has not begun.
    Held,
    /// Somebody has begun with them, or begins with them anew.
    Begun,
    /// They are handed in.
    Checked,
    /// They have passed.
    Done,
}

fn stand(state: UnitState) -> Stand {
    match state {
        UnitState::Draft | UnitState::Offered | UnitState::Rejected => Stand::Waits,
        UnitState::Claimed => Stand::Held,
        UnitState::Working | UnitState::Paused | UnitState::Returned | UnitState::ClaimedBack => Stand::Begun,
        UnitState::Submitted | UnitState::Checking => Stand::Checked,
        UnitState::Passed | UnitState::Delivered | UnitState::Accepted | UnitState::Cancelled => Stand::Done,
    }
}

/// A town's plan: its orders in their order, then what may come.
pub(super) struct Planned<'a> {
    town: &'a Town,
    plan: Plan,
    held: Vec<Held>,
    /// By job of the plan: whether some of it fits nobody.
    fits_nobody: Vec<bool>,
}

/// How one order comes out.
pub(super) struct Reckoned {
    pub(super) order: OpenOrder,
    pub(super) days: Days,
    pub(super) basis: Basis,
    pub(super) help: Option<Help>,
}

/// Units that one person has of one job.
#[derive(Debug, Clone, Copy, Default)]
struct Holding {
    not_begun: i64,
    begun: i64,
    checked: i64,
}

impl<'a> Planned<'a> {
    pub(super) fn of(town: &'a Town, may_come: &[MayCome]) -> Self {
        let goal = |day: Option<NaiveDate>, likely: f64| Goal { due: index(town.today, day), likely };
        let orders = town.orders.iter().map(|order| goal(Some(order.due_on), 1.0));
        let others = may_come.iter().map(|one| goal(one.wanted_on, minutes(one.likely_permille) / 1000.0));
        let jobs: Vec<Goal> = orders.chain(others).collect();
        let fits_nobody = vec![false; jobs.len()];
        let (spells, check_days) = (town.habits.spells().to_vec(), town.habits.check_days().to_vec());
        let trust = town.habits.trust();
        let waits = waits(town);
        let plan = Plan { hands: hands(town), jobs, parts: Vec::new(), spells, check_days, waits, trust };
        let mut planned = Self { town, plan, held: Vec::new(), fits_nobody };
        planned.take_held();
        planned.deal(may_come);
        planned.do_first_what_is_due_first();
        planned
    }

    /// The hand of nobody, who never does anything.
    fn nobody(&self) -> usize {
        self.town.people.len()
    }

    fn hand_of(&self, person: Option<PersonId>) -> usize {
        self.town.people.iter().position(|one| Some(one.person) == person).unwrap_or(self.nobody())
    }

    /// What people hold and what is being checked.
    fn take_held(&mut self) {
        let town = self.town;
        for (at, order) in town.orders.iter().enumerate() {
            for ((job, holder), holding) in holdings(&town.lots, order) {
                let Some(piece) = town.pieces.get(&job) else { continue };
                let hand = self.hand_of(holder);
                let who = (holder.map_or(0, |person| person.0), kind(piece));
                let unit_minutes = i64::from(piece.unit_minutes);
                if holding.checked > 0 {
                    let whole = minutes(holding.checked * unit_minutes);
                    self.plan.parts.push(town.habits.part(at, hand, who, 0.0, whole));
                }
                let units = holding.not_begun + holding.begun;
                if units > 0 {
                    // Of what is begun half is left, as long as nobody says how far it is.
                    let left = minutes(holding.not_begun * unit_minutes)
                        + minutes(holding.begun * unit_minutes) / 2.0;
                    let part = town.habits.part(at, hand, who, left, minutes(units * unit_minutes));
                    self.held.push(Held {
                        part: self.plan.parts.len(),
                        piece: job.0,
                        not_begun: count(holding.not_begun),
                        left: count(units),
                        unit_minutes: minutes(unit_minutes),
                        fits: self.fits(piece.needs),
                    });
                    self.plan.parts.push(part);
                }
            }
        }
    }

    /// Whom work that asks for this fits, with the offered minutes that a minute of it takes them on average.
    fn fits(&self, needs: Needs) -> Vec<(usize, f64)> {
        let kind = needs.skill.map_or(NO_SKILL, |skill| skill.0);
        let factor = |at: &usize| {
            let person = self.town.people.get(*at)?.person.0;
            let part = self.town.habits.part(0, *at, (person, kind), 1.0, 0.0);
            Some((*at, part.average()))
        };
        self.town.fits.get(&needs).into_iter().flatten().filter_map(factor).collect()
    }

    /// Deals out what waits, and what may come.
    fn deal(&mut self, may_come: &[MayCome]) {
        let mut waiting = Vec::new();
        let mut kinds = Vec::new();
        let town = self.town;
        let mut wait = |planned: &Self, job: usize, units: i64, unit_minutes: f64, needs: Needs| {
            if units > 0 {
                waiting.push(Waiting { job, units: count(units), unit_minutes, fits: planned.fits(needs) });
                kinds.push(needs.skill.map_or(NO_SKILL, |skill| skill.0));
            }
        };
        for (at, order) in town.orders.iter().enumerate() {
            for lot in
                town.lots.iter().filter(|lot| lot.order == order.id && stand(lot.state) == Stand::Waits)
            {
                let Some(piece) = town.pieces.get(&lot.job) else { continue };
                wait(self, at, lot.units, minutes(piece.unit_minutes.into()), piece.needs);
            }
            let (units, unit_minutes) = by_the_hour(order.unsplit_minutes);
            wait(self, at, units, unit_minutes, Needs::NOTHING);
        }
        for (at, one) in may_come.iter().enumerate() {
            let (units, unit_minutes) = by_the_hour(one.minutes);
            wait(self, town.orders.len() + at, units, unit_minutes, Needs::NOTHING);
        }
        self.take_dealt(&waiting, &kinds);
    }

    fn take_dealt(&mut self, waiting: &[Waiting], kinds: &[i64]) {
        let shares = deal_out(&self.plan, waiting);
        for share in shares {
            let (Some(one), Some(kind)) = (waiting.get(share.waiting), kinds.get(share.waiting)) else {
                continue;
            };
            let who = self.town.people.get(share.hand).map_or(0, |person| person.person.0);
            let work = one.unit_minutes * f64::from(share.units);
            self.plan.parts.push(self.town.habits.part(one.job, share.hand, (who, *kind), work, work));
        }
        for one in waiting.iter().filter(|one| one.fits.is_empty()) {
            let work = one.unit_minutes * f64::from(one.units);
            self.plan.parts.push(self.town.habits.part(one.job, self.nobody(), (0, NO_SKILL), work, work));
            if let Some(fits_nobody) = self.fits_nobody.get_mut(one.job) {
                *fits_nobody = true;
            }
        }
    }

    /// Everybody does first what is due first; what is held is found again by its new place.
    fn do_first_what_is_due_first(&mut self) {
        let due = |part: &Part| self.plan.jobs.get(part.job).map_or(usize::MAX, |goal| goal.due);
        let mut order: Vec<usize> = (0..self.plan.parts.len()).collect();
        order.sort_by_key(|at| self.plan.parts.get(*at).map_or(usize::MAX, due));
        let places: BTreeMap<usize, usize> = order.iter().zip(0..).map(|(was, is)| (*was, is)).collect();
        self.plan.parts = order.iter().filter_map(|at| self.plan.parts.get(*at).cloned()).collect();
        for held in &mut self.held {
            held.part = places.get(&held.part).copied().unwrap_or(held.part);
        }
    }

    /// By when each open order is done, and what would help where that is too late.
    pub(super) fn orders(&self, runs: u32) -> Vec<Reckoned> {
        let seed = seed(self.town.today);
        let ends = play(&self.plan, runs, seed);
        let one = |((at, order), ends): ((usize, &OpenOrder), &Ends)| {
            let basis = self.basis(order);
            let days = self.order_days(at, order, ends);
            let at_risk = u32::try_from(days.late_permille).is_ok_and(|late| late > AT_RISK_PERMILLE);
            let help =
                at_risk.then(|| self.help_here(at, order, seed).unwrap_or_else(|| self.help(at, seed)));
            Reckoned { order: *order, days, basis, help }
        };
        self.town.orders.iter().enumerate().zip(&ends).map(one).collect()
    }

    fn order_days(&self, at: usize, order: &OpenOrder, ends: &Ends) -> Days {
        let days = self.days(at, ends);
        let is_open = order.partner_on.is_some() || self.plan.parts.iter().any(|part| part.job == at);
        // A day that has passed is an index like any other; nothing that is open keeps it.
        if order.due_on < self.town.today && is_open { Days { late_permille: 1000, ..days } } else { days }
    }

    /// By when the last of what may come is done.
    pub(super) fn last(&self, runs: u32) -> Option<Days> {
        let ends = play(&self.plan, runs, seed(self.town.today));
        let at = self.plan.jobs.len().checked_sub(1)?;
        Some(self.days(at, ends.get(at)?))
    }

    fn days(&self, at: usize, ends: &Ends) -> Days {
        let day = |percent: u32| {
            let after = u64::try_from(ends.by(percent)?).ok()?;
            self.town.today.checked_add_days(Span::new(after))
        };
        let promised_on = day(85);
        let has_hours = self.town.people.iter().any(|one| one.days.iter().any(|minutes| *minutes > 0));
        let gap = if promised_on.is_some() {
            None
        } else if !has_hours {
            Some(Gap::NoHours)
        } else if self.fits_nobody.get(at).copied().unwrap_or_default() {
            Some(Gap::NobodyFits)
        } else {
            Some(Gap::TooFar)
        };
        let late_permille = i16::try_from(ends.late_permille()).unwrap_or(1000);
        Days { half_on: day(50), promised_on, nearly_on: day(95), late_permille, gap }
    }

    /// What helps without moving anybody: to check what is handed in, where that brings the day back, and to check it or to
    /// decide what the client wishes, where nothing else is left.
    fn help_here(&self, at: usize, order: &OpenOrder, seed: u64) -> Option<Help> {
        let (mut handed_in, mut wished, mut rest) = (0, 0, 0);
        for lot in self.town.lots.iter().filter(|lot| lot.order == order.id) {
            match (lot.state, stand(lot.state)) {
                (_, Stand::Done) => {}
                (_, Stand::Checked) => handed_in += lot.units,
                (UnitState::ClaimedBack, _) => wished += lot.units,
                _ => rest += lot.units,
            }
        }
        let is_all = rest == 0 && order.unsplit_minutes == 0 && order.partner_on.is_none();
        let help = |kind, units: i64| Help { kind, units: i32::try_from(units).ok(), from: None, to: None };
        if handed_in > 0 && (is_all || checking_at_once_helps(&self.plan, at, seed)) {
            return Some(help(RemedyKind::CheckNow, handed_in));
        }
        (wished > 0 && is_all).then(|| help(RemedyKind::DecideFixes, wished))
    }

    fn help(&self, at: usize, seed: u64) -> Help {
        let person = |hand: usize| self.town.people.get(hand).map(|one| one.person);
        let units = |units: u32| i32::try_from(units).ok();
        if self.fits_nobody.get(at).copied().unwrap_or_default() {
            return Help { kind: RemedyKind::SecondWorker, units: None, from: None, to: None };
        }
        match cheapest(&self.plan, at, &self.held, seed) {
            Remedy::Split { units: moved, from, to } => {
                Help { kind: RemedyKind::Split, units: units(moved), from: person(from), to: person(to) }
            }
            Remedy::ReOffer { units: moved, from } => {
                Help { kind: RemedyKind::ReOffer, units: units(moved), from: person(from), to: None }
            }
            Remedy::SecondWorker { units: moved, from, to } => Help {
                kind: RemedyKind::SecondWorker,
                units: units(moved),
                from: person(from),
                to: person(to),
            },
            Remedy::Renegotiate => Help { kind: RemedyKind::Renegotiate, units: None, from: None, to: None },
        }
    }

    fn basis(&self, order: &OpenOrder) -> Basis {
        let (mut whole, mut left) = (order.unsplit_minutes, order.unsplit_minutes);
        for lot in self.town.lots.iter().filter(|lot| lot.order == order.id) {
            let Some(piece) = self.town.pieces.get(&lot.job) else { continue };
            let work = lot.units * i64::from(piece.unit_minutes);
            whole += work;
            if matches!(stand(lot.state), Stand::Waits | Stand::Held | Stand::Begun) {
                left += work;
            }
        }
        Basis {
            due_on: order.due_on,
            minutes_whole: whole,
            minutes_left: left,
            minutes_offered: self.town.offered(),
        }
    }
}

fn hands(town: &Town) -> Vec<Hand> {
    let hand =
        |one: &Someone| town.habits.hand(one.person.0, one.days.iter().copied().map(minutes).collect(), None);
    let nobody = Hand { days: vec![0.0; HORIZON_DAYS], falls_away: 0.0, away_for: None, doubt: 0.0 };
    town.people.iter().map(hand).chain([nobody]).collect()
}

/// Orders that partner towns do a part of, by their places in the plan, each with the day on which that is to be here.
fn waits(town: &Town) -> Vec<(usize, usize)> {
    let orders = town.orders.iter().enumerate();
    orders.filter_map(|(at, order)| Some((at, index(town.today, Some(order.partner_on?))))).collect()
}

fn kind(piece: &Piece) -> i64 {
    piece.needs.skill.map_or(NO_SKILL, |skill| skill.0)
}

/// What people hold of an order, by job and person.
fn holdings(lots: &[Lot], order: &OpenOrder) -> BTreeMap<(JobId, Option<PersonId>), Holding> {
    let mut holdings: BTreeMap<(JobId, Option<PersonId>), Holding> = BTreeMap::new();
    for lot in lots.iter().filter(|lot| lot.order == order.id) {
        let stand = stand(lot.state);
        if matches!(stand, Stand::Waits | Stand::Done) {
            continue;
        }
        let holding = holdings.entry((lot.job, lot.holder)).or_default();
        match stand {
            Stand::Held => holding.not_begun += lot.units,
            Stand::Checked => holding.checked += lot.units,
            _ => holding.begun += lot.units,
        }
    }
    holdings
}

/// So many pieces of about an hour.
fn by_the_hour(work: i64) -> (i64, f64) {
    let units = (work.max(0) + UNSPLIT_MINUTES - 1) / UNSPLIT_MINUTES;
    (units, minutes(work.max(0)) / minutes(units.max(1)))
}

fn count(units: i64) -> u32 {
    u32::try_from(units).unwrap_or_default()
}

/// The place of a day in the plan; what has no day is wanted last.
fn index(today: NaiveDate, day: Option<NaiveDate>) -> usize {
    let after = day.map_or(i64::MAX, |day| (day - today).num_days().max(0));
    usize::try_from(after).unwrap_or(usize::MAX)
}

/// One seed for all that is reckoned on a day: asked again, the answer is the same.
fn seed(today: NaiveDate) -> u64 {
    u64::try_from(today.num_days_from_ce()).unwrap_or_default()
}
