//! Whether promises are kept: a past is gone through day by day, each job is promised from what was known on the day it was
//! given, and what came of it is held against that. No database here.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::habits::{Habits, Past, Person, Record, days_ahead};
use super::history::{History, JobRow, PartRow};
use super::play::{Ends, Goal, Part, Plan, play};

/// Days of a past that are only learned from.
pub const WARM_UP_DAYS: i64 = 84;
/// How far a promise looks ahead, in days.
pub const HORIZON_DAYS: i64 = 200;

/// What came of the promises made over a past.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Calibration {
    /// How many jobs were promised.
    pub promises: u32,
    /// Of how many the day was kept that is meant to be kept 50 times of 100.
    pub kept_50: u32,
    /// The same of 85 of 100.
    pub kept_85: u32,
    /// The same of 95 of 100.
    pub kept_95: u32,
    /// The mean square between how likely each was to be late for its own day and whether it was (Brier 1950); 0 is perfect.
    pub brier: f64,
    /// Days from giving to the promised day of 85 of 100, on average.
    pub days_85: f64,
}

impl Calibration {
    /// How many of a thousand promises of the day were kept that is meant to be kept 85 times of 100.
    pub fn kept_85_permille(&self) -> u32 {
        self.kept_85 * 1000 / self.promises.max(1)
    }

    fn count(&mut self, ends: &Ends, took_days: usize, was_late: bool) {
        let kept = |percent: u32| u32::from(ends.by(percent).is_none_or(|day| took_days <= day));
        self.promises += 1;
        self.kept_50 += kept(50);
        self.kept_85 += kept(85);
        self.kept_95 += kept(95);
        let likely = f64::from(ends.late_permille()) / 1000.0;
        let came = if was_late { 1.0 } else { 0.0 };
        let number = f64::from(self.promises);
        self.brier += ((likely - came).powi(2) - self.brier) / number;
        let promised = u32::try_from(ends.by(85).unwrap_or(took_days)).map_or(0.0, f64::from);
        self.days_85 += (promised - self.days_85) / number;
    }
}

/// Promises every job of a past after its first weeks; so many runs for each day on which something was given.
pub fn calibrate(history: &History, runs: u32, seed: u64) -> Calibration {
    let mut all = Calibration::default();
    let mut days: Vec<NaiveDate> = history.jobs.iter().map(|job| job.given_on).collect();
    days.sort_unstable();
    days.dedup();
    let first = history.begins_on + chrono::TimeDelta::days(WARM_UP_DAYS);
    let mut outcomes = Outcomes::default();
    for (number, today) in (0..).zip(days.into_iter().filter(|day| *day >= first)) {
        let known = Known::on(history, today, outcomes.before(today));
        let (plan, given) = known.plan();
        for (job, ends) in known.open.iter().zip(play(&plan, runs, seed.wrapping_add(number))).skip(given) {
            let Some(passed_on) = job.passed_on() else { continue };
            let took_days = usize::try_from((passed_on - today).num_days()).unwrap_or_default();
            if let Some(day) = ends.by(85) {
                outcomes.add(passed_on, took_days <= day);
            }
            all.count(&ends, took_days, passed_on > job.due_on);
        }
    }
    all
}

/// What came of the days promised so far.
#[derive(Debug, Default)]
struct Outcomes(BTreeMap<NaiveDate, Vec<bool>>);

impl Outcomes {
    fn add(&mut self, ended_on: NaiveDate, kept: bool) {
        self.0.entry(ended_on).or_default().push(kept);
    }

    fn before(&self, today: NaiveDate) -> Vec<bool> {
        self.0.range(..today).flat_map(|(_, kept)| kept).copied().collect()
    }
}

/// What a town knew on one day.
struct Known<'a> {
    today: NaiveDate,
    past: Past,
    /// Jobs of which not all had passed, those given today last; in the order in which they were given.
    open: Vec<&'a JobRow>,
}

impl<'a> Known<'a> {
    fn on(history: &'a History, today: NaiveDate, kept: Vec<bool>) -> Self {
        let people = history.people.iter().map(|row| {
            let begun = row.away.iter().filter(|(first, _)| *first <= today).copied().collect();
            Person { id: row.id, week: row.week.map(f64::from), away: begun, since: history.begins_on }
        });
        let mut open: Vec<&JobRow> = history.jobs.iter().filter(|job| job.given_on <= today).collect();
        open.sort_by_key(|job| job.given_on);
        let passed = |job: &&JobRow| job.parts.iter().map(move |part| record(job, part)).collect::<Vec<_>>();
        let records = open.iter().flat_map(passed).filter(|record| record.passed_on < today).collect();
        open.retain(|job| job.passed_on().is_some_and(|day| day >= today));
        Self { today, past: Past { people: people.collect(), records, kept }, open }
    }

    /// The plan of all that is open, and how many of its jobs were given before today.
    fn plan(&self) -> (Plan, usize) {
        let habits = Habits::of(&self.past, self.today);
        let places: BTreeMap<i64, usize> =
            self.past.people.iter().zip(0..).map(|(one, at)| (one.id, at)).collect();
        let mut spent_by = self.had();
        let mut plan = Plan {
            spells: habits.spells().to_vec(),
            check_days: habits.check_days().to_vec(),
            trust: habits.trust(),
            ..Plan::default()
        };
        for person in &self.past.people {
            let days = days_ahead(self.today, HORIZON_DAYS).map(|day| person.offered(day)).collect();
            plan.hands.push(habits.hand(person.id, days, person.away_for(self.today)));
        }
        for (at, job) in self.open.iter().enumerate() {
            let due = usize::try_from((job.due_on - self.today).num_days()).unwrap_or_default();
            plan.jobs.push(Goal { due, likely: 1.0 });
            for part in job.parts.iter().filter(|part| part.passed_on >= self.today) {
                let Some(hand) = places.get(&part.person) else { continue };
                let whole = f64::from(part.minutes);
                let is_open = part.handed_in_on >= self.today;
                let (left, spent) =
                    if is_open { (whole, spent_by.remove(&part.person)) } else { (0.0, None) };
                let part = habits.part(at, *hand, (part.person, kind(&job.kind)), left, whole);
                plan.parts.push(Part { spent: spent.unwrap_or_default(), ..part });
            }
        }
        let given = self.open.iter().filter(|job| job.given_on < self.today).count();
        (plan, given)
    }

    /// Offered minutes that everybody had since they last handed something in and had something to do: they went into what
    /// they were given first.
    fn had(&self) -> BTreeMap<i64, f64> {
        let mut since: BTreeMap<i64, NaiveDate> = BTreeMap::new();
        for record in &self.past.records {
            later(&mut since, record.who, record.handed_in_on);
        }
        for job in &self.open {
            for part in job.parts.iter().filter(|part| part.handed_in_on < self.today) {
                later(&mut since, part.person, part.handed_in_on);
            }
        }
        let could = |person: &Person| {
            let waits = self.open.iter().filter(|job| {
                job.parts.iter().any(|part| part.person == person.id && part.handed_in_on >= self.today)
            });
            let given = waits.map(|job| job.given_on).min()?;
            let from = since.get(&person.id).map_or(given, |day| given.max(*day));
            Some((
                person.id,
                from.iter_days().take_while(|day| *day < self.today).map(|day| person.had(day)).sum(),
            ))
        };
        self.past.people.iter().filter_map(could).collect()
    }
}

fn later(since: &mut BTreeMap<i64, NaiveDate>, who: i64, day: NaiveDate) {
    let entry = since.entry(who).or_insert(day);
    *entry = (*entry).max(day);
}

fn record(job: &JobRow, part: &PartRow) -> Record {
    Record {
        who: part.person,
        kind: kind(&job.kind),
        minutes: f64::from(part.minutes),
        took: Some(f64::from(part.took)),
        redone: (part.redone > 0).then(|| f64::from(part.redone)),
        given_on: job.given_on,
        handed_in_on: part.handed_in_on,
        passed_on: part.passed_on,
    }
}

/// A number for a kind's name (FNV-1a): the same in every file, and never 0.
fn kind(name: &str) -> i64 {
    let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    i64::try_from(hash >> 1).unwrap_or_default().max(1)
}
