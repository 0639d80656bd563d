//! Who is offered how much of a job: weighted max-min over the minutes that people wish for. No database here.
//!
//! Work goes, a bundle at a time, to whoever has had the least of what they wished for within [`WINDOW_WEEKS`]. A wish is
//! counted for the days on which somebody took part: whoever begins, or comes back from a rest, has the same part of their
//! days as everybody else has of theirs, and not the same minutes. Whoever was passed over because nothing fitted them keeps
//! their claim to be first, as in deficit round robin (Shreedhar and Varghese 1995), but nobody counts as more than
//! [`CREDIT_WEEKS`] of their wish behind the average of the line: silence does not become a flood. Among equals the one goes first who has waited longest, then a lot drawn from a seed that is
//! written down, so that anybody can draw it again.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use chrono::{DateTime, Utc};
use kernel::WorkerId;
use sha2::{Digest as _, Sha256};

/// Weeks that what somebody has had is counted over.
pub(super) const WINDOW_WEEKS: i64 = 4;
/// Days of the window that somebody's wish is counted for at least: a first day is no claim to a month's work, and no reason
/// to be passed over for the rest of the week after one bundle.
pub(super) const LEAST_DAYS: i64 = 7;
/// Weeks of wished work that somebody can be behind the average at most. Behind the average, and not below a part of the
/// wish: where there is little work for all, everybody has had less than any such part, and it would hide who had least.
pub(super) const CREDIT_WEEKS: i64 = 2;

/// Somebody whom a job fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Candidate {
    /// Who.
    pub(super) worker: WorkerId,
    /// Minutes a week they wish for; more than none.
    pub(super) wished: i64,
    /// Days of the window on which they took part.
    pub(super) days: i64,
    /// Minutes they were given within the window.
    pub(super) granted: i64,
    /// Minutes that lie before them and that they have not answered yet.
    pub(super) standing: i64,
    /// Minutes they have left until the job is due.
    pub(super) free: i64,
    /// When they were last given work; nothing for somebody new.
    pub(super) last_granted_at: Option<DateTime<Utc>>,
}

/// What somebody has had of what they wished for: a fraction of the window's minutes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Level {
    had: i64,
    wished: i64,
}

impl Level {
    /// In thousandths.
    pub(super) fn per_mille(self) -> i64 {
        self.had.saturating_mul(1000) / self.wished.max(1)
    }
}

impl Ord for Level {
    fn cmp(&self, other: &Self) -> Ordering {
        let cross = |one: i64, wished: i64| i128::from(one) * i128::from(wished.max(1));
        cross(self.had, other.wished).cmp(&cross(other.had, self.wished))
    }
}

impl PartialOrd for Level {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Level {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Level {}

/// What all in a line together have had of what they together wish for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Average {
    granted: i64,
    wished: i64,
}

impl Average {
    pub(super) fn of(line: &[Candidate]) -> Self {
        let sum = |of: fn(&Candidate) -> i64| line.iter().map(of).fold(0, i64::saturating_add);
        Self { granted: sum(|one| one.granted), wished: sum(Candidate::wished_in_window) }
    }

    /// The least that somebody counts as having had.
    fn least(self, one: &Candidate) -> i64 {
        let wished = i128::from(one.wished_in_window());
        let average = wished * i128::from(self.granted) / i128::from(self.wished.max(1));
        let credit = one.wished.saturating_mul(CREDIT_WEEKS);
        i64::try_from(average).unwrap_or(i64::MAX).saturating_sub(credit).max(0)
    }
}

impl Candidate {
    /// Where they stand in a line of that average with `more` minutes beside what they have had and what lies before them.
    pub(super) fn level(&self, average: Average, more: i64) -> Level {
        let least = average.least(self);
        let had = self.granted.max(least).saturating_add(self.standing).saturating_add(more);
        Level { had, wished: self.wished_in_window() }
    }

    /// Minutes they wished for on the days of the window on which they took part.
    fn wished_in_window(&self) -> i64 {
        self.wished.saturating_mul(self.days.clamp(LEAST_DAYS, WINDOW_WEEKS * 7)) / 7
    }
}

/// The lot that is drawn among equals: the same for the same seed and person, whoever else there is.
fn lot(seed: u64, worker: WorkerId) -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update(seed.to_be_bytes());
    hasher.update(worker.0.to_be_bytes());
    hasher.finalize().into()
}

/// The work that is shared out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Work {
    /// How many units.
    pub(super) units: i64,
    /// How long one takes; more than none.
    pub(super) unit_minutes: i64,
    /// How many go to one person at a time.
    pub(super) bundle: i64,
    /// What the lots are drawn from.
    pub(super) seed: u64,
}

/// What somebody is offered of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Portion {
    /// Who.
    pub(super) worker: WorkerId,
    /// How many units; none for those it did not reach.
    pub(super) units: i64,
    /// Where they stood before.
    pub(super) level: Level,
    /// Their place in the line, from 1.
    pub(super) place: usize,
}

/// Somebody waiting for the next bundle.
struct Waiting {
    level: Level,
    since: Option<DateTime<Utc>>,
    lot: [u8; 32],
    /// Their index among the candidates.
    at: usize,
    room: i64,
}

impl Ord for Waiting {
    /// The greatest is next: a heap gives it first.
    fn cmp(&self, other: &Self) -> Ordering {
        let line = |one: &Self| (one.since, one.lot);
        other.level.cmp(&self.level).then_with(|| line(other).cmp(&line(self)))
    }
}

impl PartialOrd for Waiting {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Waiting {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Waiting {}

/// Shares work out among `candidates`: one portion for each of them, in the order of their places, whatever order they came
/// in. Nobody gets more than they have time for, and what nobody has time for stays.
pub(super) fn share_out(work: &Work, candidates: &[Candidate]) -> Vec<Portion> {
    let unit_minutes = work.unit_minutes.max(1);
    let average = Average::of(candidates);
    let waiting = |(at, candidate): (usize, &Candidate)| Waiting {
        level: candidate.level(average, 0),
        since: candidate.last_granted_at,
        lot: lot(work.seed, candidate.worker),
        at,
        room: candidate.free.max(0) / unit_minutes,
    };
    let mut line: Vec<Waiting> = candidates.iter().enumerate().map(waiting).collect();
    line.sort_unstable_by(|one, other| other.cmp(one));
    let order: Vec<(usize, Level)> = line.iter().map(|one| (one.at, one.level)).collect();
    let mut given = vec![0; candidates.len()];
    let mut heap: BinaryHeap<Waiting> = line.into_iter().filter(|one| one.room > 0).collect();
    let mut left = work.units.max(0);
    while left > 0 {
        let Some(next) = heap.pop() else { break };
        let (Some(candidate), Some(units)) = (candidates.get(next.at), given.get_mut(next.at)) else { break };
        let more = work.bundle.max(1).min(next.room).min(left);
        *units += more;
        left -= more;
        let level = candidate.level(average, units.saturating_mul(unit_minutes));
        if next.room > more {
            heap.push(Waiting { level, room: next.room - more, ..next });
        }
    }
    let portion = |(place, (at, level)): (usize, (usize, Level))| {
        let (candidate, units) = (candidates.get(at)?, given.get(at)?);
        Some(Portion { worker: candidate.worker, units: *units, level, place: place + 1 })
    };
    order.into_iter().enumerate().filter_map(portion).collect()
}

/// How evenly something is spread.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Spread {
    /// Jain's index (Jain, Chiu and Hawe 1984): 1 where all have the same, 1/n where one has all.
    pub(super) jain: f64,
    /// Gini's coefficient: 0 where all have the same.
    pub(super) gini: f64,
    /// What the quarter of people with the least has of the whole; a quarter where all have the same.
    pub(super) lowest_quarter: f64,
}

impl Spread {
    /// Of what people have had of their wish, each as a fraction; nothing where nobody has had anything.
    #[expect(
        clippy::cast_precision_loss,
        reason = "a town has far fewer people than a mantissa has room for"
    )]
    pub(super) fn of(shares: &[f64]) -> Option<Self> {
        let mut sorted: Vec<f64> = shares.iter().copied().map(|share| share.max(0.0)).collect();
        sorted.sort_unstable_by(f64::total_cmp);
        let (count, sum) = (sorted.len() as f64, sorted.iter().sum::<f64>());
        if sum <= 0.0 {
            return None;
        }
        let squares: f64 = sorted.iter().map(|share| share * share).sum();
        let ranked: f64 = sorted.iter().zip(1u32..).map(|(share, rank)| share * f64::from(rank)).sum();
        // A quarter of five people is one and a quarter of one.
        let quarter = count / 4.0;
        let whole: f64 = sorted
            .iter()
            .zip(0u32..)
            .map(|(share, at)| share * (quarter - f64::from(at)).clamp(0.0, 1.0))
            .sum();
        Some(Self {
            jain: sum * sum / (count * squares),
            gini: 2.0 * ranked / (count * sum) - (count + 1.0) / count,
            lowest_quarter: whole / sum,
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn candidate(number: i64, wished: i64, granted: i64) -> Candidate {
        let free = wished;
        let (worker, days) = (WorkerId(number), 28);
        Candidate { worker, wished, days, granted, standing: 0, free, last_granted_at: None }
    }

    fn units(portions: &[Portion]) -> Vec<(i64, i64)> {
        let mut units: Vec<_> = portions.iter().map(|one| (one.worker.0, one.units)).collect();
        units.sort_unstable();
        units
    }

    #[test]
    fn whoever_has_had_least_of_their_wish_is_first_and_all_end_up_level() {
        let work = Work { units: 12, unit_minutes: 60, bundle: 1, seed: 7 };
        // Of 2,400 minutes in four weeks: 100 %, 75 % and 50 %.
        let people = [candidate(1, 600, 2400), candidate(2, 600, 1800), candidate(3, 600, 1200)];
        let portions = share_out(&work, &people);
        assert_eq!(portions.iter().map(|one| one.worker.0).collect::<Vec<_>>(), [3, 2, 1]);
        assert_eq!(portions.iter().map(|one| one.level.per_mille()).collect::<Vec<_>>(), [500, 750, 1000]);
        // Ten units are all the last has time for and bring them level with the second, who gets the rest.
        assert_eq!(units(&portions), [(1, 0), (2, 2), (3, 10)]);
    }

    #[test]
    fn a_wish_twice_as_large_is_given_twice_as_much() {
        let work = Work { units: 9, unit_minutes: 20, bundle: 1, seed: 7 };
        let portions = share_out(&work, &[candidate(1, 300, 0), candidate(2, 600, 0)]);
        assert_eq!(units(&portions), [(1, 3), (2, 6)]);
    }

    #[test]
    fn an_absence_is_no_claim_to_everything() {
        // Three weeks of work each on average.
        let line =
            [candidate(1, 600, 0), candidate(2, 600, 600), candidate(3, 600, 2400), candidate(4, 600, 4200)];
        let average = Average::of(&line);
        let level = |one: &Candidate| one.level(average, 0).per_mille();
        assert_eq!(line.each_ref().map(level), [250, 250, 1000, 1750], "a week counts for both who had less");
    }

    #[test]
    fn whoever_is_new_has_the_same_part_of_their_days_and_not_the_same_minutes() {
        // Everybody else has had a fifth of four weeks: 480 minutes of 2,400.
        let others = (1..=5).map(|number| candidate(number, 600, 480));
        let new = |days| Candidate { days, ..candidate(9, 600, 0) };
        let given = |days: i64| {
            let line: Vec<Candidate> = others.clone().chain([new(days)]).collect();
            let work = Work { units: 40, unit_minutes: 20, bundle: 1, seed: 7 };
            units(&share_out(&work, &line)).into_iter().find(|(worker, _)| *worker == 9).unwrap().1 * 20
        };
        // With the 800 minutes all are at about a quarter of their days: 533, 291 and, of a week, 152 minutes.
        assert!((520..=540).contains(&given(28)), "{}", given(28));
        assert!((280..=300).contains(&given(14)), "{}", given(14));
        assert!((140..=160).contains(&given(1)), "{}", given(1));
    }

    #[test]
    fn where_there_is_little_work_whoever_has_had_none_of_it_still_comes_first() {
        let line = [candidate(1, 600, 500), candidate(2, 600, 0), candidate(3, 600, 100)];
        let work = Work { units: 1, unit_minutes: 60, bundle: 1, seed: 7 };
        let order: Vec<i64> = share_out(&work, &line).iter().map(|one| one.worker.0).collect();
        assert_eq!(order, [2, 3, 1]);
    }

    #[test]
    fn among_equals_the_one_goes_first_who_waited_longest_and_then_a_lot_decides() {
        let at = |text: &str| Some(text.parse::<DateTime<Utc>>().unwrap());
        let day = |day| Candidate { last_granted_at: at(day), ..candidate(0, 600, 0) };
        let (older, newer) = (day("2026-11-01T00:00:00Z"), day("2026-11-20T00:00:00Z"));
        let people = [
            Candidate { worker: WorkerId(1), ..newer },
            Candidate { worker: WorkerId(2), ..older },
            candidate(3, 600, 0),
        ];
        let work = Work { units: 1, unit_minutes: 60, bundle: 1, seed: 7 };
        let line = |seed| -> Vec<i64> {
            share_out(&Work { seed, ..work }, &people).iter().map(|one| one.worker.0).collect()
        };
        assert_eq!(line(7), [3, 2, 1], "somebody new has waited longest of all");
        let equals: Vec<Candidate> = (1..=5).map(|number| candidate(number, 600, 0)).collect();
        let firsts: std::collections::BTreeSet<i64> =
            (0..200).map(|seed| share_out(&Work { seed, ..work }, &equals)[0].worker.0).collect();
        assert_eq!(firsts.len(), 5, "no number is always first");
    }

    #[test]
    fn spreads_are_what_their_authors_say() {
        let even = Spread::of(&[0.5; 8]).unwrap();
        assert!((even.jain - 1.0).abs() < 1e-12 && even.gini.abs() < 1e-12);
        assert!((even.lowest_quarter - 0.25).abs() < 1e-12);
        let alone = Spread::of(&[0.0, 0.0, 0.0, 3.0]).unwrap();
        assert!((alone.jain - 0.25).abs() < 1e-12 && (alone.gini - 0.75).abs() < 1e-12);
        assert!(alone.lowest_quarter.abs() < 1e-12);
        assert_eq!(Spread::of(&[]), None);
        assert_eq!(Spread::of(&[0.0]), None);
    }

    /// Minutes wished, days, minutes granted, standing and free, and the second of the last grant.
    type Drawn = (i64, i64, i64, i64, i64, Option<i64>);

    fn people() -> impl Strategy<Value = Vec<Candidate>> {
        let last = proptest::option::of(0..1_000_000i64);
        let one = (1..3000i64, 0..40i64, 0..9000i64, 0..600i64, 0..3000i64, last);
        proptest::collection::vec(one, 0..40).prop_map(|all| {
            let person = |(number, (wished, days, granted, standing, free, last)): (i64, Drawn)| {
                let last_granted_at = last.and_then(|seconds| DateTime::from_timestamp(seconds, 0));
                let worker = WorkerId(number);
                Candidate { worker, wished, days, granted, standing, free, last_granted_at }
            };
            (1..).zip(all).map(person).collect()
        })
    }

    proptest! {
        #[test]
        fn nobody_gets_more_than_they_have_time_for_and_nothing_is_left_that_somebody_could_do(
            people in people(), units in 0..500i64, unit_minutes in 1..240i64, bundle in 1..9i64, seed: u64,
        ) {
            let portions = share_out(&Work { units, unit_minutes, bundle, seed }, &people);
            prop_assert_eq!(portions.len(), people.len());
            let room: i64 = people.iter().map(|person| person.free / unit_minutes).sum();
            prop_assert_eq!(portions.iter().map(|one| one.units).sum::<i64>(), units.min(room));
            for one in &portions {
                let person = people.iter().find(|person| person.worker == one.worker).unwrap();
                prop_assert!(one.units * unit_minutes <= person.free);
            }
        }

        /// Envy is at most one bundle: nobody is given work while somebody with time for it stands lower.
        #[test]
        fn nobody_with_time_stands_lower_than_somebody_who_was_given_more_than_a_bundle_ago(
            people in people(), units in 0..500i64, unit_minutes in 1..240i64, bundle in 1..9i64, seed: u64,
        ) {
            let portions = share_out(&Work { units, unit_minutes, bundle, seed }, &people);
            let average = Average::of(&people);
            let given = |person: &Candidate| portions.iter().find(|one| one.worker == person.worker).unwrap().units;
            for passed in people.iter().filter(|person| given(person) < person.free / unit_minutes) {
                let theirs = passed.level(average, given(passed) * unit_minutes);
                for other in people.iter().filter(|other| given(other) > 0) {
                    let before_the_last = other.level(average, (given(other) - bundle).max(0) * unit_minutes);
                    prop_assert!(before_the_last <= theirs, "{passed:?} is passed over for {other:?}");
                }
            }
        }

        /// Whatever work comes in four weeks, people with the same wish and time for it end up within one bundle of it.
        #[test]
        fn after_random_weeks_people_who_wish_alike_have_had_alike(
            people in 1..12usize,
            jobs in proptest::collection::vec((0..60i64, 5..120i64), 1..20),
            seed: u64,
        ) {
            let mut line: Vec<Candidate> = (1..).take(people).map(|number| candidate(number, 900, 0)).collect();
            let mut largest = 0;
            for (number, (units, unit_minutes)) in jobs.into_iter().enumerate() {
                let bundle = (60 / unit_minutes).max(1);
                largest = largest.max(bundle * unit_minutes);
                for one in &mut line {
                    one.free = units * unit_minutes;
                }
                let lots = seed.wrapping_add(u64::try_from(number).unwrap());
                let given = share_out(&Work { units, unit_minutes, bundle, seed: lots }, &line);
                for one in &mut line {
                    let portion = given.iter().find(|portion| portion.worker == one.worker).unwrap();
                    one.granted += portion.units * unit_minutes;
                }
                let had = || line.iter().map(|one| one.granted);
                let apart = had().max().unwrap() - had().min().unwrap();
                prop_assert!(apart <= largest, "{apart} minutes apart, a bundle is {largest}");
            }
        }

        #[test]
        fn the_order_people_come_in_decides_nothing(people in people(), units in 0..200i64, seed: u64) {
            let work = Work { units, unit_minutes: 30, bundle: 2, seed };
            let mut others = people.clone();
            others.reverse();
            prop_assert_eq!(share_out(&work, &people), share_out(&work, &others));
        }
    }
}
