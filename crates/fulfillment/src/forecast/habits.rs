//! What a town's past says of the weeks ahead: how fast people are, how much of their offered hours they do, how often they
//! are away and for how long, how often work comes back, how long checking takes. No database here.

use std::collections::BTreeMap;

use chrono::{Datelike as _, NaiveDate, TimeDelta};

use super::play::{Hand, Part};
use super::ratios::{Case, Expected, Prior, Ratios};
use super::trust::Trust;

/// Work took so many times what was thought: a third more or less from case to case, a fifth from person to person.
const PACE: Prior = Prior { mean: 0.0, noise: 0.09, persons: 0.04 };
/// Offered minutes that pass for a minute of work: somebody does four fifths of what they offer.
const STEADINESS: Prior = Prior { mean: 0.22, noise: 0.06, persons: 0.03 };
/// How likely somebody falls away on a day, before anything was seen: once in two months.
const FALLS_AWAY: f64 = 1.0 / 60.0;
/// The days that this is worth.
const FALLS_AWAY_DAYS: f64 = 60.0;
/// How often work is returned, before anything was seen, and the parts that this is worth.
const RETURNED: (f64, f64) = (0.1, 10.0);
/// How much of a part is redone where it is returned.
const REDONE: (f64, f64) = (0.4, 3.0);
/// Lengths of times away and days of checking, before anything was seen.
const SPELLS: [u16; 5] = [1, 1, 2, 3, 5];
const CHECK_DAYS: [u16; 4] = [1, 2, 3, 5];
/// Times away and checks that are enough to draw from alone.
const ENOUGH: usize = 20;

/// Somebody of the past.
#[derive(Debug, Clone, PartialEq)]
pub struct Person {
    /// Their number.
    pub id: i64,
    /// Minutes they offer, from Monday to Sunday.
    pub week: [f64; 7],
    /// First and last days on which they were away, in their order; those that had ended or begun.
    pub away: Vec<(NaiveDate, NaiveDate)>,
    /// From when on they took part.
    pub since: NaiveDate,
}

impl Person {
    fn is_away(&self, day: NaiveDate) -> bool {
        self.away.iter().any(|(first, last)| (*first..=*last).contains(&day))
    }

    /// Minutes offered on a day on which they were there.
    pub(super) fn had(&self, day: NaiveDate) -> f64 {
        if self.is_away(day) { 0.0 } else { self.offered(day) }
    }

    /// Minutes of their week on that day.
    pub(super) fn offered(&self, day: NaiveDate) -> f64 {
        let at = usize::try_from(day.weekday().num_days_from_monday()).unwrap_or_default();
        self.week.get(at).copied().unwrap_or_default()
    }

    /// For how many days they have been away on `today`, it included; none where they are there.
    pub(super) fn away_for(&self, today: NaiveDate) -> Option<u16> {
        let (first, _) = self.away.iter().find(|(first, last)| (*first..=*last).contains(&today))?;
        u16::try_from((today - *first).num_days() + 1).ok()
    }
}

/// A part of a job that somebody did.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Record {
    /// By whom.
    pub who: i64,
    /// What kind of work it was.
    pub kind: i64,
    /// Minutes as thought.
    pub minutes: f64,
    /// Minutes it took, without redoing; none where nobody said.
    pub took: Option<f64>,
    /// Minutes of redoing; none where it was not returned.
    pub redone: Option<f64>,
    /// When they had it.
    pub given_on: NaiveDate,
    /// When they handed it in first.
    pub handed_in_on: NaiveDate,
    /// When it had passed its check.
    pub passed_on: NaiveDate,
}

/// What a town knows of its past.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Past {
    /// Everybody.
    pub people: Vec<Person>,
    /// What was done and has passed.
    pub records: Vec<Record>,
    /// Whether promised days were kept, those of what ended first before the others.
    pub kept: Vec<bool>,
}

/// What the past says of one person's work.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Habit {
    /// Minutes per minute thought.
    pub pace: Expected,
    /// Offered minutes per minute of work.
    pub steadiness: Expected,
    /// How likely a part is returned.
    pub returned: f64,
}

impl Habit {
    /// How much of what they offer they usually do, in thousandths.
    pub fn steady_permille(&self) -> i64 {
        permille((-self.steadiness.mean).exp())
    }

    /// How much longer than thought they take, in thousandths of it.
    pub fn pace_permille(&self) -> i64 {
        permille(self.pace.mean.exp())
    }
}

#[expect(clippy::cast_possible_truncation, reason = "ratios of durations, bounded")]
fn permille(ratio: f64) -> i64 {
    (ratio.clamp(0.0, 1000.0) * 1000.0).round() as i64
}

/// What a town's past says.
#[derive(Debug, Clone)]
pub struct Habits {
    pace: Ratios,
    steadiness: Ratios,
    /// How much of the spread of steadiness is only that nobody says at what hour of a day they handed in.
    unsaid_hours: f64,
    returns: BTreeMap<i64, (f64, f64)>,
    all_returned: f64,
    redone: f64,
    falls: BTreeMap<i64, (f64, f64)>,
    all_fall: f64,
    spells: Vec<u16>,
    check_days: Vec<u16>,
    trust: Trust,
}

impl Habits {
    /// Learns from what had happened before `today`.
    pub fn of(past: &Past, today: NaiveDate) -> Self {
        let (returns, all_returned, redone) = returns(&past.records);
        let falls = falls(&past.people, today);
        let (steady, unsaid_hours) = steadiness(past);
        let sum = falls.values().fold((0.0, 0.0), |sum, own| (sum.0 + own.0, sum.1 + own.1));
        let all_fall = (sum.0 + FALLS_AWAY * FALLS_AWAY_DAYS) / (sum.1 + FALLS_AWAY_DAYS);
        Self {
            pace: Ratios::of(&paces(&past.records), PACE),
            steadiness: Ratios::of(&steady, STEADINESS),
            unsaid_hours,
            returns,
            all_returned,
            redone,
            falls,
            all_fall,
            spells: or_usual(spells(&past.people, today), &SPELLS),
            check_days: or_usual(check_days(&past.records), &CHECK_DAYS),
            trust: Trust::learned(past.kept.iter().copied()),
        }
    }

    /// What is known of one person at one kind of work.
    pub fn habit(&self, who: i64, kind: i64) -> Habit {
        let (returned, parts) = self.returns.get(&who).copied().unwrap_or_default();
        Habit {
            pace: self.pace.expected(who, kind),
            steadiness: self.steadiness.expected(who, ANY),
            returned: (returned + self.all_returned * RETURNED.1) / (parts + RETURNED.1),
        }
    }

    /// Somebody with these minutes on the days from today on.
    pub fn hand(&self, who: i64, days: Vec<f64>, away_for: Option<u16>) -> Hand {
        let (times, there) = self.falls.get(&who).copied().unwrap_or_default();
        let falls_away = (times + self.all_fall * FALLS_AWAY_DAYS) / (there + FALLS_AWAY_DAYS);
        Hand { days, falls_away, away_for, doubt: self.steadiness.expected(who, ANY).doubt }
    }

    /// A part of a job into which nothing went yet: `minutes` of it are left as thought, `whole` is all of it.
    pub fn part(&self, job: usize, hand: usize, of: (i64, i64), minutes: f64, whole: f64) -> Part {
        let Habit { pace, steadiness, returned } = self.habit(of.0, of.1);
        Part {
            hand,
            job,
            minutes,
            spent: 0.0,
            mean: pace.mean + steadiness.mean,
            // Whole days are played, which spreads what comes of it by hours anew.
            noise: pace.noise + (steadiness.noise - self.unsaid_hours).max(0.0),
            doubt: pace.doubt,
            returned,
            redo_minutes: whole * self.redone,
        }
    }

    /// Lengths of times away to draw from.
    pub fn spells(&self) -> &[u16] {
        &self.spells
    }

    /// Days of checking to draw from.
    pub fn check_days(&self) -> &[u16] {
        &self.check_days
    }

    /// How far runs are believed.
    pub fn trust(&self) -> Trust {
        self.trust
    }

    /// How much of work is redone on average, in thousandths of its minutes.
    pub fn redo_permille(&self) -> i64 {
        permille(self.all_returned * self.redone)
    }
}

/// Steadiness is of the person, whatever they work on.
const ANY: i64 = 0;

fn or_usual(seen: Vec<u16>, usual: &[u16]) -> Vec<u16> {
    if seen.len() >= ENOUGH { seen } else { [seen.as_slice(), usual].concat() }
}

fn paces(records: &[Record]) -> Vec<Case> {
    let case = |record: &Record| {
        let took = record.took.filter(|_| record.minutes > 0.0)?;
        Some(Case { who: record.who, kind: record.kind, ratio: took / record.minutes })
    };
    records.iter().filter_map(case).collect()
}

/// Offered minutes that passed for each minute of work: from when somebody could begin a part, which is when they had handed in
/// the one before, until they handed it in. Of the last day half is counted: nobody says at what hour.
fn steadiness(past: &Past) -> (Vec<Case>, f64) {
    let people: BTreeMap<i64, &Person> = past.people.iter().map(|person| (person.id, person)).collect();
    let mut records: Vec<&Record> = past.records.iter().collect();
    records.sort_by_key(|record| (record.who, record.handed_in_on, record.given_on));
    let (mut cases, mut unsaid) = (Vec::new(), 0.0);
    let mut before: Option<&Record> = None;
    for (at, record) in records.iter().enumerate() {
        let earlier = before.filter(|before| before.who == record.who).map(|before| before.handed_in_on);
        let from = earlier.map_or(record.given_on, |day| day.max(record.given_on));
        before = Some(record);
        let (Some(person), Some(took)) = (people.get(&record.who), record.took) else { continue };
        let took = took + redone_meanwhile(records.get(..at).unwrap_or_default(), record, from);
        // The day on which the one before was handed in is shared by both.
        let shared = if earlier.is_some_and(|day| day >= record.given_on) { 0.5 } else { 1.0 };
        let passed = offered_between(person, from, record.handed_in_on, shared);
        if passed > 0.0 && took > 0.0 && from < record.handed_in_on {
            cases.push(Case { who: record.who, kind: ANY, ratio: passed / took });
            let begun = if shared < 1.0 { person.had(from) } else { 0.0 };
            let ended = person.had(record.handed_in_on);
            // Evenly spread over a day, in parts of all that passed.
            unsaid += ((begun * begun + ended * ended) / 12.0 / (passed * passed)).min(1.0);
        }
    }
    let average = unsaid / float(cases.len()).max(1.0);
    (cases, average)
}

/// Minutes of redoing earlier parts that passed while somebody worked on one: they are reckoned where those are returned.
fn redone_meanwhile(earlier: &[&Record], record: &Record, from: NaiveDate) -> f64 {
    let own = earlier.iter().rev().take_while(|one| one.who == record.who);
    let meanwhile = own.filter(|one| one.passed_on > from && one.passed_on <= record.handed_in_on);
    meanwhile.filter_map(|one| one.redone).sum()
}

/// Minutes offered from a day, of which so much counts, to another, of which half does.
fn offered_between(person: &Person, from: NaiveDate, until: NaiveDate, first: f64) -> f64 {
    let inner: f64 = from.iter_days().skip(1).take_while(|day| *day < until).map(|day| person.had(day)).sum();
    person.had(from) * first + inner + person.had(until) * 0.5
}

type Returns = (BTreeMap<i64, (f64, f64)>, f64, f64);

/// Parts returned and parts in all by person, the share of all, and how much of a returned part is redone.
fn returns(records: &[Record]) -> Returns {
    let mut own: BTreeMap<i64, (f64, f64)> = BTreeMap::new();
    let (mut parts, mut returned, mut redone) = (0.0, 0.0, 0.0);
    for record in records {
        let entry = own.entry(record.who).or_default();
        entry.1 += 1.0;
        parts += 1.0;
        if let Some(minutes) = record.redone.filter(|_| record.minutes > 0.0) {
            entry.0 += 1.0;
            returned += 1.0;
            redone += minutes / record.took.unwrap_or(record.minutes).max(1.0);
        }
    }
    let share = (returned + RETURNED.0 * RETURNED.1) / (parts + RETURNED.1);
    (own, share, (redone + REDONE.0 * REDONE.1) / (returned + REDONE.1))
}

/// Times somebody fell away, and the days on which they were there and could have.
fn falls(people: &[Person], today: NaiveDate) -> BTreeMap<i64, (f64, f64)> {
    let of = |person: &Person| {
        let away: i64 =
            person.away.iter().map(|(first, last)| ((*last).min(today) - *first).num_days() + 1).sum();
        let there = ((today - person.since).num_days() - away).max(0);
        (person.id, (float(person.away.len()), float(there)))
    };
    people.iter().map(of).collect()
}

fn float<T: TryInto<u32>>(count: T) -> f64 {
    count.try_into().map_or(0.0, f64::from)
}

/// Lengths in days of all times away before `today`. One that has not ended counts as the middle one of those that lasted
/// longer than it has so far: left out, the long ones would be missing among the newest.
fn spells(people: &[Person], today: NaiveDate) -> Vec<u16> {
    let length = |first: NaiveDate, last: NaiveDate| u16::try_from((last - first).num_days() + 1).ok();
    let times = || people.iter().flat_map(|person| &person.away);
    let mut spells: Vec<u16> =
        times().filter(|(_, last)| *last < today).filter_map(|(first, last)| length(*first, *last)).collect();
    spells.sort_unstable();
    let guess = |so_far: u16| {
        let longer = spells.get(spells.partition_point(|ended| *ended < so_far)..).unwrap_or_default();
        longer.get(longer.len() / 2).copied().unwrap_or(so_far)
    };
    let going_on = times().filter(|(first, last)| *first < today && *last >= today);
    let guessed: Vec<u16> = going_on.filter_map(|(first, _)| length(*first, today).map(guess)).collect();
    spells.extend(guessed);
    spells
}

/// Days from handing in to passing, of what was not returned.
fn check_days(records: &[Record]) -> Vec<u16> {
    let passed = records.iter().filter(|record| record.redone.is_none());
    passed
        .filter_map(|record| u16::try_from((record.passed_on - record.handed_in_on).num_days()).ok())
        .collect()
}

/// So many days from `today` on.
pub(super) fn days_ahead(today: NaiveDate, count: i64) -> impl Iterator<Item = NaiveDate> {
    (0..count).map(move |ahead| today + TimeDelta::days(ahead))
}
