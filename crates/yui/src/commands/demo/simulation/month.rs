//! One month under one rule: an agenda of what happens next, each thing done through the verbs that pages call.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};

use chrono::{NaiveDate, TimeDelta};
use db::Db;
use fulfillment::jobs::OfferRule;
use kernel::{DayKind, DeliveryId, Holidays, JobId, OrderId, PersonId, SubmissionId, UnitId, WorkerId};
use queue::{Registry, Runner};

use super::chance::Chance;
use super::outcome::Outcome;
use super::partners::{Downstream, Upstream};
use super::post::Post;
use super::scenario::{Person, Scenario};
use super::town::Town;
use crate::Stop;

pub(super) const HOUR: i64 = 60;
pub(super) const DAY: i64 = 24 * HOUR;

/// Something that happens. People and orders are named by their place in the scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Happening {
    /// Somebody joins.
    Join(usize),
    /// Somebody goes away, by the place of their absence.
    Leave(usize, usize),
    /// They are back.
    Return(usize, usize),
    /// An order comes.
    Order(usize),
    /// Periodic tasks look after offers and claims.
    Tend,
    /// Somebody looks at what is before them.
    Look(usize),
    /// Somebody sits down to work.
    Work(usize),
    /// Somebody stops for the day in the middle of a unit.
    Save(usize, UnitId),
    /// Somebody has done a unit.
    HandIn(usize, UnitId),
    /// What was handed in is checked.
    Check,
    /// The office looks at every order: what is over, what goes out, what is to be mended.
    Dispatch,
    /// The client answers a delivery.
    Answer(usize, DeliveryId),
    /// A partner town has made its part of an order.
    PartMade(usize),
    /// What a partner town delivered is looked at.
    PartTaken(usize, DeliveryId),
    /// A partner town passes on what it had made here.
    PassedOn(usize),
}

/// Somebody in the middle of the month.
#[derive(Debug)]
pub(super) struct Someone {
    pub(super) person: PersonId,
    pub(super) worker: WorkerId,
    pub(super) is_there: bool,
    /// Whether they have something in the agenda that leads on to their next unit.
    pub(super) is_at_work: bool,
    /// How often they were told of offers.
    pub(super) told: u32,
    /// The day they last worked on, and how many minutes of it are left.
    pub(super) left_of_day: (i64, i64),
    /// Minutes left of units they have begun.
    pub(super) left_of_unit: HashMap<UnitId, i64>,
}

/// One order in the middle of the month.
#[derive(Debug, Clone, Copy)]
pub(super) struct Running {
    pub(super) order: OrderId,
    pub(super) job: JobId,
    pub(super) part: Part,
    pub(super) is_over: bool,
}

impl Running {
    /// Whether a job is one of its own.
    pub(super) fn has(&self, job: JobId) -> bool {
        self.jobs().any(|own| own == job)
    }

    /// Its jobs: what is made here, and what puts together what a partner makes.
    pub(super) fn jobs(&self) -> impl Iterator<Item = JobId> + use<> {
        let gathers = if let Part::Came(job) = self.part { Some(job) } else { None };
        [Some(self.job), gathers].into_iter().flatten()
    }
}

/// How far the part of an order has come that a partner town makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// There is none.
    None,
    /// It is made there.
    Made,
    /// It is here, and this job puts it together.
    Came(JobId),
}

/// A month that is being played.
pub(super) struct Month<'a> {
    pub(super) scenario: &'a Scenario,
    pub(super) town: Town,
    pub(super) rule: OfferRule,
    pub(super) chance: Chance,
    pub(super) now: i64,
    pub(super) people: BTreeMap<usize, Someone>,
    pub(super) orders: BTreeMap<usize, Running>,
    /// Who made a version.
    pub(super) makers: HashMap<SubmissionId, usize>,
    /// What a client wanted mended or otherwise once: nothing goes back for ever.
    pub(super) sent_back: HashSet<UnitId>,
    /// Whether the last appeal that was right was about something that had not been agreed.
    pub(super) was_not_agreed: bool,
    pub(super) outcome: Outcome,
    pub(super) upstream: Option<Upstream>,
    pub(super) downstream: Option<Downstream>,
    pub(super) post: Post,
    agenda: BinaryHeap<Reverse<(i64, u64, Happening)>>,
    entered: u64,
    pub(super) runner: Runner,
}

/// What a month needs beside its scenario: who runs tasks, and what it may hear.
pub(super) struct Backstage<'a> {
    /// As the role that claims tasks.
    pub(super) queue: &'a Db,
    /// What keeps the chain going while nobody is mailed.
    pub(super) silent: &'a dyn Fn() -> Registry,
    /// Everything that can be heard of.
    pub(super) known: &'a Registry,
    /// Whether whoever started this has had enough.
    pub(super) cancelled: &'a AtomicBool,
}

impl<'a> Month<'a> {
    /// Plays the whole month; `progress` hears how many of its days are over.
    pub(super) fn play(
        scenario: &'a Scenario,
        town: Town,
        rule: OfferRule,
        backstage: Backstage<'_>,
        mut progress: impl FnMut(u32),
    ) -> Result<Outcome, Stop> {
        let cancelled = backstage.cancelled;
        let mut month = Self::begin(scenario, town, rule, &backstage);
        month.meet_partners(&backstage)?;
        month.enter_what_is_certain();
        while let Some(Reverse((at, _, happening))) = month.agenda.pop() {
            if cancelled.load(Ordering::SeqCst) {
                return Err(Stop::failed("cancelled before the month was over"));
            }
            progress(u32::try_from(at / DAY).unwrap_or_default());
            month.now = at;
            month.town.stage.turn_to(month.today(), at % DAY);
            month.let_happen(happening)?;
        }
        month.react()?;
        month.count_granted()?;
        month.settle()?;
        month.settle_beside()?;
        Ok(month.outcome)
    }

    fn begin(scenario: &'a Scenario, town: Town, rule: OfferRule, backstage: &Backstage<'_>) -> Self {
        let post = Post::default();
        let runner = post.runner(&town.stage, backstage);
        Self {
            scenario,
            town,
            rule,
            chance: Chance(scenario.seed),
            now: 0,
            people: BTreeMap::new(),
            orders: BTreeMap::new(),
            makers: HashMap::new(),
            sent_back: HashSet::new(),
            was_not_agreed: false,
            outcome: Outcome::of(scenario),
            agenda: BinaryHeap::new(),
            entered: 0,
            runner,
            post,
            upstream: None,
            downstream: None,
        }
    }

    fn enter_what_is_certain(&mut self) {
        let morning = |day: u32| (i64::from(day) - 1) * DAY;
        for (number, person) in self.scenario.people.iter().enumerate() {
            self.enter(morning(person.joins) + 8 * HOUR, Happening::Join(number));
            for (place, away) in person.absences.iter().enumerate() {
                self.enter(morning(away.from) + 8 * HOUR + 10, Happening::Leave(number, place));
                self.enter(morning(away.until + 1) + 8 * HOUR + 20, Happening::Return(number, place));
            }
        }
        for (number, order) in self.scenario.orders.iter().enumerate() {
            self.enter(morning(order.day) + 9 * HOUR, Happening::Order(number));
        }
        for day in 1..=self.scenario.days {
            for hour in 8..=20 {
                self.enter(morning(day) + hour * HOUR + 5, Happening::Tend);
            }
            if self.is_workday(morning(day)) {
                self.enter(morning(day) + 9 * HOUR + 30, Happening::Dispatch);
                self.enter(morning(day) + 11 * HOUR, Happening::Check);
                self.enter(morning(day) + 16 * HOUR, Happening::Check);
            }
        }
    }

    /// Enters what happens at a minute of the month, unless it is over by then.
    pub(super) fn enter(&mut self, at: i64, happening: Happening) {
        if at < i64::from(self.scenario.days) * DAY {
            self.entered += 1;
            self.agenda.push(Reverse((at, self.entered, happening)));
        }
    }

    fn let_happen(&mut self, happening: Happening) -> Result<(), Stop> {
        match happening {
            Happening::Join(number) => self.join(number),
            Happening::Leave(number, place) => self.leave(number, place),
            Happening::Return(number, place) => self.come_back(number, place),
            Happening::Order(number) => self.order_comes(number),
            Happening::Tend => self.tend(),
            Happening::Look(number) => self.look(number),
            Happening::Work(number) => self.work(number),
            Happening::Save(number, unit) => self.save(number, unit),
            Happening::HandIn(number, unit) => self.hand_in(number, unit),
            Happening::Check => self.check(),
            Happening::Dispatch => self.dispatch(),
            Happening::Answer(number, delivery) => self.answer(number, delivery),
            Happening::PartMade(number) => self.part_made(number),
            Happening::PartTaken(number, delivery) => self.part_taken(number, delivery),
            Happening::PassedOn(number) => self.passed_on(number),
        }
    }

    /// The day in Japan.
    pub(super) fn today(&self) -> NaiveDate {
        self.day_at(self.now)
    }

    pub(super) fn day_at(&self, at: i64) -> NaiveDate {
        self.scenario.begins_on + TimeDelta::days(at.div_euclid(DAY))
    }

    /// The date of a day of the month, from 1.
    pub(super) fn date(&self, day: u32) -> NaiveDate {
        self.scenario.begins_on + TimeDelta::days(i64::from(day) - 1)
    }

    fn is_workday(&self, at: i64) -> bool {
        Holidays::published().kind(self.day_at(at)) != DayKind::Closed
    }

    fn tend(&mut self) -> Result<(), Stop> {
        self.town.stage.system(fulfillment::rounds::tend)?;
        self.town.stage.system(fulfillment::claims::tend)?;
        self.react()
    }

    /// Lets everybody who subscribes to what has happened do their part; whoever is told of offers will look.
    pub(super) fn react(&mut self) -> Result<(), Stop> {
        self.runner.run_all().map_err(Stop::failed)?;
        for one in self.post.take_offered() {
            for (worker, _person) in one.workers {
                self.is_told(worker);
            }
        }
        Ok(())
    }

    pub(super) fn person(&self, number: usize) -> Result<&'a Person, Stop> {
        self.scenario.people.get(number).ok_or_else(|| Stop::failed("the scenario has no such person"))
    }

    pub(super) fn someone(&mut self, number: usize) -> Result<&mut Someone, Stop> {
        self.people.get_mut(&number).ok_or_else(|| Stop::failed("somebody acts who has not joined"))
    }

    fn count_granted(&mut self) -> Result<(), Stop> {
        let (first, last) = (self.scenario.begins_on, self.date(self.scenario.days));
        let granted =
            self.town.stage.system(|tx| fulfillment::rounds::figures::granted_between(tx, first, last))?;
        for (number, someone) in &self.people {
            self.outcome.grant(*number, granted.get(&someone.worker).copied().unwrap_or_default());
        }
        Ok(())
    }
}
