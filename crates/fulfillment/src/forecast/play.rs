//! Playing the weeks ahead many times over, to see when things end. No database here.
//!
//! In each run everybody works through what they hold in the order it is listed: each part takes a lognormal part of what was
//! thought, on days that are theirs and on which they are not away; some of it is redone, all of it waits to be checked. A job
//! ends with its last part. Open deals come in so many of the runs as they are likely. One seed gives one answer.

use super::chance::Chance;
use super::trust::Trust;

/// Somebody who works.
#[derive(Debug, Clone, PartialEq)]
pub struct Hand {
    /// Minutes they offer on each day from today on; days past the last count as beyond what can be seen.
    pub days: Vec<f64>,
    /// How likely they fall away on a day.
    pub falls_away: f64,
    /// For how many days they have been away, today included; none where they are there.
    pub away_for: Option<u16>,
    /// How little is known of how fast they are: the variance of the logarithm, the same for all they hold.
    pub doubt: f64,
}

/// What one person does of a job.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// Whose, as an index of the plan's hands.
    pub hand: usize,
    /// Of what, as an index of the plan's jobs.
    pub job: usize,
    /// Minutes as thought; none where all is handed in and waits to be checked.
    pub minutes: f64,
    /// Offered minutes that went into it already. Whatever it takes, it takes more than that: it would be handed in.
    pub spent: f64,
    /// The mean of the logarithm of offered minutes per minute thought.
    pub mean: f64,
    /// Its variance from case to case.
    pub noise: f64,
    /// How little is known of the mean: its variance, which moves all that one person holds the same way.
    pub doubt: f64,
    /// How likely it is returned.
    pub returned: f64,
    /// Minutes that redoing takes as thought, where it is.
    pub redo_minutes: f64,
}

impl Part {
    /// Offered minutes that a minute of it takes on average.
    pub fn average(&self) -> f64 {
        (self.mean + f64::midpoint(self.noise, self.doubt)).exp()
    }
}

/// Something that is promised for a day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Goal {
    /// Its day, as an index; beyond what can be seen where it lies there.
    pub due: usize,
    /// How likely it comes at all: 1 for an order.
    pub likely: f64,
}

/// What lies ahead.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Plan {
    /// Everybody.
    pub hands: Vec<Hand>,
    /// Everything that is promised.
    pub jobs: Vec<Goal>,
    /// Who does what; each hand's in the order in which they do it.
    pub parts: Vec<Part>,
    /// Lengths in days of times away, of which one is drawn; none means nobody falls away.
    pub spells: Vec<u16>,
    /// Days that checking took, of which one is drawn; none means it takes none.
    pub check_days: Vec<u16>,
    /// Jobs that others, who are no hands of this plan, do a part of: each with the day on which that is to be here. It is
    /// checked from then on.
    pub waits: Vec<(usize, usize)>,
    /// How far its runs are believed.
    pub trust: Trust,
}

/// When one job ends: how often on which day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ends {
    /// Runs by the day on which it ended; the last stands for all that lies beyond.
    counts: Vec<u32>,
    /// Runs in which it came.
    came: u32,
    due: usize,
    trust: Trust,
}

impl Ends {
    /// The first day by which it ends so many times of a hundred, as far as its runs are believed; `None` where that lies beyond
    /// what can be seen, or the job never came.
    pub fn by(&self, percent: u32) -> Option<usize> {
        let wanted = u64::from(self.came) * self.trust.runs(percent);
        let mut so_far = 0;
        let day = self.counts.iter().position(|count| {
            so_far += u64::from(*count) * 10_000;
            so_far >= wanted
        })?;
        (self.came > 0 && day + 1 < self.counts.len()).then_some(day)
    }

    /// How many times of a thousand it ends after its day, as far as its runs are believed; more than 150 exactly where the
    /// promised day lies after its own.
    pub fn late_permille(&self) -> u32 {
        let in_time: u64 =
            self.counts.iter().take(self.due.saturating_add(1)).map(|count| u64::from(*count)).sum();
        let kept = self.trust.kept((in_time * 10_000).checked_div(u64::from(self.came)).unwrap_or(10_000));
        u32::try_from((10_000 - kept).div_ceil(10)).unwrap_or(1000)
    }
}

/// What went into a part beyond so many standard deviations went rather into something else.
const MOST_SPENT: f64 = 2.0;

/// Where somebody stands in one run.
struct Walk<'a> {
    hand: &'a Hand,
    spells: &'a [u16],
    /// The next day to work on.
    next: usize,
    /// The day on which they next fall away.
    falls: usize,
    /// Minutes had so far.
    had: f64,
}

impl<'a> Walk<'a> {
    fn new(hand: &'a Hand, spells: &'a [u16], chance: &mut Chance) -> Self {
        let mut walk = Self { hand, spells, next: 0, falls: usize::MAX, had: 0.0 };
        if let Some(so_far) = hand.away_for {
            walk.next = walk.rest(so_far, chance);
        }
        walk.falls = walk.falls_from(walk.next, chance);
        walk
    }

    /// How many days more somebody is away who has been for so long, today included: a time away that lasted longer, or a
    /// day where none did.
    fn rest(&self, so_far: u16, chance: &mut Chance) -> usize {
        let longer = self.spells.iter().filter(|spell| **spell >= so_far);
        let drawn = chance.one_of(longer.clone().count());
        longer.clone().nth(drawn).map_or(1, |spell| usize::from(spell - so_far.min(*spell)) + 1)
    }

    /// The day on which they next fall away, by a chance that is the same every day.
    fn falls_from(&self, day: usize, chance: &mut Chance) -> usize {
        let likely = self.hand.falls_away;
        if likely <= 0.0 || self.spells.is_empty() {
            return usize::MAX;
        }
        let wait = chance.share().ln() / (1.0 - likely.min(0.999)).ln();
        day.saturating_add(days(wait))
    }

    /// The day on which they have had so many minutes; the number of their days where they never have.
    fn until(&mut self, needed: f64, chance: &mut Chance) -> usize {
        while self.had < needed {
            while self.next >= self.falls {
                let length = self.spells.get(chance.one_of(self.spells.len())).copied().unwrap_or(1);
                self.next = self.falls.saturating_add(usize::from(length.max(1)));
                self.falls = self.falls_from(self.next, chance);
            }
            let Some(minutes) = self.hand.days.get(self.next) else { return self.hand.days.len() };
            self.had += minutes;
            self.next += 1;
        }
        self.next.saturating_sub(1)
    }
}

/// Whole days; a year and more is all the same.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "bounded, and never below none")]
fn days(wait: f64) -> usize {
    wait.clamp(0.0, 10_000.0) as usize
}

/// Plays `plan` so often and gives the ends of its jobs, in their order; with a plan and a seed always the same.
pub fn play(plan: &Plan, runs: u32, seed: u64) -> Vec<Ends> {
    let farthest = plan.hands.iter().map(|hand| hand.days.len()).max().unwrap_or_default();
    let end = |goal: &Goal| Ends { counts: vec![0; farthest + 1], came: 0, due: goal.due, trust: plan.trust };
    let mut ends: Vec<Ends> = plan.jobs.iter().map(end).collect();
    let lists = lists(plan);
    let mut chance = Chance::new(seed);
    let mut last: Vec<Option<usize>> = vec![None; plan.jobs.len()];
    for _ in 0..runs {
        for (last, goal) in last.iter_mut().zip(&plan.jobs) {
            let comes = goal.likely >= 1.0 || chance.happens(goal.likely);
            *last = comes.then_some(0);
        }
        for (job, day) in &plan.waits {
            if let Some(Some(end)) = last.get_mut(*job) {
                *end = (*end).max(day.saturating_add(check(plan, &mut chance)));
            }
        }
        for (hand, list) in plan.hands.iter().zip(&lists) {
            if !list.is_empty() {
                work_through(plan, hand, list, &mut last, &mut chance);
            }
        }
        for (end, last) in ends.iter_mut().zip(&last) {
            let Some(day) = last else { continue };
            end.came += 1;
            if let Some(count) = end.counts.get_mut((*day).min(farthest)) {
                *count += 1;
            }
        }
    }
    ends
}

/// What each hand holds, in its order.
fn lists(plan: &Plan) -> Vec<Vec<&Part>> {
    let mut lists: Vec<Vec<&Part>> = vec![Vec::new(); plan.hands.len()];
    for part in plan.parts.iter().filter(|part| part.job < plan.jobs.len()) {
        if let Some(list) = lists.get_mut(part.hand) {
            list.push(part);
        }
    }
    lists
}

/// One run of what one person holds.
fn work_through(plan: &Plan, hand: &Hand, parts: &[&Part], ends: &mut [Option<usize>], chance: &mut Chance) {
    let mut walk = Walk::new(hand, &plan.spells, chance);
    let mut own = None;
    let mut needed = 0.0;
    for part in parts {
        let Some(Some(end)) = ends.get_mut(part.job) else { continue };
        let takes = takes(hand, part, &mut own, chance);
        needed += (part.minutes * takes - part.spent).max(0.0);
        let mut checks = check(plan, chance);
        if chance.happens(part.returned) {
            needed += part.redo_minutes * takes;
            checks += check(plan, chance);
        }
        let day = walk.until(needed, chance).saturating_add(checks);
        *end = (*end).max(day);
    }
}

/// Offered minutes that a minute of a part takes. `own` is how far this person is from what is thought of them, in standard
/// deviations, drawn with the first part: where that took long already, the person is rather slow and not the part alone.
fn takes(hand: &Hand, part: &Part, own: &mut Option<f64>, chance: &mut Chance) -> f64 {
    let doubt = hand.doubt + part.doubt;
    let spread = doubt + part.noise;
    if part.spent > 0.0 && part.minutes > 0.0 && spread > 0.0 && own.is_none() {
        let least = ((part.spent / part.minutes).ln() - part.mean) / spread.sqrt();
        let drawn = chance.normal_above(least.min(MOST_SPENT));
        let of_person = doubt / spread;
        *own = Some(drawn * of_person.sqrt() + chance.normal() * (1.0 - of_person).sqrt());
        return (part.mean + drawn * spread.sqrt()).exp();
    }
    let own = *own.get_or_insert_with(|| chance.normal());
    (part.mean + own * doubt.sqrt() + chance.normal() * part.noise.sqrt()).exp()
}

fn check(plan: &Plan, chance: &mut Chance) -> usize {
    plan.check_days.get(chance.one_of(plan.check_days.len())).copied().map_or(0, usize::from)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn hand(minutes: f64) -> Hand {
        Hand { days: vec![minutes; 60], falls_away: 0.0, away_for: None, doubt: 0.0 }
    }

    fn part(job: usize, minutes: f64) -> Part {
        Part {
            hand: 0,
            job,
            minutes,
            spent: 0.0,
            mean: 0.0,
            noise: 0.0,
            doubt: 0.0,
            returned: 0.0,
            redo_minutes: 0.0,
        }
    }

    fn goal(due: usize) -> Goal {
        Goal { due, likely: 1.0 }
    }

    fn one(hand: Hand, parts: Vec<Part>) -> Plan {
        Plan { hands: vec![hand], jobs: vec![goal(4)], parts, ..Plan::default() }
    }

    #[test]
    fn without_chance_a_job_ends_on_the_day_its_minutes_are_had() {
        let by = |minutes: f64| play(&one(hand(60.0), vec![part(0, minutes)]), 50, 1)[0].by(85);
        assert_eq!((by(60.0), by(61.0), by(300.0)), (Some(0), Some(1), Some(4)));
        assert_eq!(by(60.0 * 60.0), Some(59), "the last day that can be seen");
        assert_eq!(by(60.0 * 60.0 + 1.0), None, "beyond");
        let late = |minutes: f64| play(&one(hand(60.0), vec![part(0, minutes)]), 50, 1)[0].late_permille();
        assert_eq!((late(300.0), late(301.0)), (0, 1000));
    }

    #[test]
    fn a_job_ends_with_its_last_part_and_waits_for_its_check() {
        let plan = Plan {
            hands: vec![hand(60.0), hand(30.0)],
            parts: vec![part(0, 120.0), Part { hand: 1, ..part(0, 120.0) }, part(0, 0.0)],
            check_days: vec![2],
            ..one(hand(60.0), Vec::new())
        };
        assert_eq!(play(&plan, 20, 1)[0].by(50), Some(3 + 2));
        let only_checked = Plan { parts: vec![part(0, 0.0)], ..plan };
        assert_eq!(play(&only_checked, 20, 1)[0].by(50), Some(2));
    }

    #[test]
    fn what_others_do_of_a_job_is_waited_for_and_checked() {
        let plan = Plan {
            jobs: vec![goal(4), goal(4)],
            waits: vec![(0, 9), (7, 3)],
            check_days: vec![2],
            ..one(hand(60.0), vec![part(0, 60.0), part(1, 60.0)])
        };
        let ends = play(&plan, 20, 1);
        assert_eq!((ends[0].by(50), ends[1].by(50)), (Some(9 + 2), Some(1 + 2)));
        let long = Plan { parts: vec![part(0, 60.0 * 20.0)], ..plan };
        assert_eq!(play(&long, 20, 1)[0].by(50), Some(19 + 2), "own work takes longer still");
    }

    #[test]
    fn what_is_returned_is_redone_and_checked_again() {
        let returned = Part { returned: 1.0, redo_minutes: 60.0, ..part(0, 60.0) };
        let plan = Plan { check_days: vec![1], ..one(hand(60.0), vec![returned]) };
        assert_eq!(play(&plan, 20, 1)[0].by(50), Some(1 + 2));
        let sometimes = Part { returned: 0.3, redo_minutes: 60.0, ..part(0, 60.0) };
        let plan = Plan { check_days: vec![1], ..one(hand(60.0), vec![sometimes]) };
        let ends = &play(&plan, 4_000, 1)[0];
        assert_eq!((ends.by(60), ends.by(80)), (Some(1), Some(3)));
    }

    #[test]
    fn open_deals_come_as_often_as_they_are_likely_and_count_only_then() {
        let plan = Plan {
            hands: vec![hand(60.0)],
            jobs: vec![Goal { due: 0, likely: 0.25 }, goal(0)],
            parts: vec![part(0, 60.0), part(1, 60.0)],
            ..Plan::default()
        };
        let ends = play(&plan, 4_000, 9);
        assert!((900..1_100).contains(&ends[0].came), "{}", ends[0].came);
        assert_eq!((ends[0].by(95), ends[1].came), (Some(0), 4_000));
        assert!((225..275).contains(&ends[1].late_permille()), "later only where the deal comes");
        let never = Plan { jobs: vec![Goal { due: 0, likely: 0.0 }, goal(0)], ..plan };
        assert_eq!(play(&never, 100, 9)[0].by(50), None);
    }

    #[test]
    fn times_away_move_the_end_by_their_length() {
        let away =
            Plan { spells: vec![7], ..one(Hand { away_for: Some(3), ..hand(60.0) }, vec![part(0, 60.0)]) };
        assert_eq!(play(&away, 20, 1)[0].by(50), Some(5), "the third day of seven: four more after today");
        let longer = Plan { spells: vec![2], ..away.clone() };
        assert_eq!(play(&longer, 20, 1)[0].by(50), Some(1), "longer than anybody was: a day more");
        let often =
            Plan { spells: vec![1], ..one(Hand { falls_away: 0.5, ..hand(60.0) }, vec![part(0, 600.0)]) };
        let days = play(&often, 4_000, 1)[0].by(50).unwrap();
        assert!((17..=20).contains(&days), "ten days of work, every second of all days: {days}");
    }

    #[test]
    fn durations_spread_as_a_lognormal_does() {
        // In offered minutes a day of one: the day is the minutes.
        let spread = Part { noise: 0.25, ..part(0, 20.0) };
        let ends = &play(&one(Hand { days: vec![1.0; 400], ..hand(0.0) }, vec![spread]), 20_000, 5)[0];
        let near = |percent: u32, minutes: f64| {
            let by = f64::from(u32::try_from(ends.by(percent).unwrap()).unwrap());
            assert!((by - minutes).abs() <= 1.5, "{percent}: {by}, not {minutes}");
        };
        near(50, 20.0);
        near(85, 20.0 * (0.5f64 * 1.0364).exp());
        near(95, 20.0 * (0.5f64 * 1.6449).exp());
    }

    #[test]
    fn what_is_not_known_of_a_person_moves_all_they_hold_alike() {
        let many = |noise: f64, doubt: f64| {
            let parts = (0..16).map(|_| Part { noise, doubt, ..part(0, 10.0) }).collect();
            let ends = play(&one(Hand { days: vec![1.0; 900], ..hand(0.0) }, parts), 4_000, 3);
            ends[0].by(95).unwrap() - ends[0].by(50).unwrap()
        };
        assert!(many(0.0, 0.16) > 2 * many(0.16, 0.0), "chance of each part evens out, doubt does not");
    }

    #[test]
    fn what_took_long_already_takes_longer_still_and_so_does_the_rest() {
        let by = |spent: f64, percent: u32| {
            let begun = Part { spent, noise: 0.09, doubt: 0.09, ..part(0, 100.0) };
            let next = Part { doubt: 0.09, ..part(1, 100.0) };
            let plan = Plan {
                jobs: vec![goal(4); 2],
                ..one(Hand { days: vec![1.0; 900], ..hand(0.0) }, vec![begun, next])
            };
            let ends = play(&plan, 4_000, 3);
            (ends[0].by(percent).unwrap(), ends[1].by(percent).unwrap())
        };
        let (fresh, half, long) = (by(0.0, 50), by(50.0, 50), by(160.0, 50));
        assert!(half.0 < fresh.0 && half.0 > fresh.0 - 50, "{fresh:?} {half:?}");
        assert!(long.0 > 15, "sixty minutes beyond, and not nearly done: {long:?}");
        assert!(
            long.1 - long.0 > fresh.1 - fresh.0 + 10,
            "the next takes longer as well: {fresh:?} {long:?}"
        );
    }

    proptest! {
        #[test]
        fn one_seed_gives_one_answer_whose_days_come_in_order(
            parts in proptest::collection::vec((0..4usize, 0..5usize, 0..400i32, 0..40i32), 1..20), seed: u64,
            kept in proptest::collection::vec(any::<bool>(), 0..60),
        ) {
            let plan = Plan {
                hands: (1..5).map(|number| Hand { falls_away: 0.05, doubt: 0.02, ..hand(f64::from(number) * 20.0) }).collect(),
                jobs: vec![Goal { due: 9, likely: 0.7 }; 5],
                parts: parts.into_iter().map(|(hand, job, minutes, noise)| Part {
                    hand, noise: f64::from(noise) / 100.0, returned: 0.1, redo_minutes: 10.0,
                    ..part(job, f64::from(minutes))
                }).collect(),
                spells: vec![1, 2, 9],
                check_days: vec![0, 1, 3],
                waits: vec![(0, 7)],
                trust: Trust::learned(kept),
            };
            let ends = play(&plan, 200, seed);
            prop_assert_eq!(&ends, &play(&plan, 200, seed));
            for end in &ends {
                prop_assert_eq!(end.counts.iter().sum::<u32>(), end.came);
                let days = [50, 85, 95].map(|percent| end.by(percent).unwrap_or(usize::MAX));
                prop_assert!(days[0] <= days[1] && days[1] <= days[2], "{:?}", days);
                prop_assert_eq!(end.late_permille() <= 150, end.came == 0 || days[1] <= end.due, "{:?}", days);
            }
        }

        /// Whoever gives a hand more work makes nothing end sooner, draw for draw.
        #[test]
        fn more_work_before_it_ends_nothing_sooner(minutes in 1..500i32, more in 0..500i32) {
            let by = |before: f64| play(&one(hand(60.0), vec![part(0, before), part(0, f64::from(minutes))]), 20, 3)[0].by(85);
            let late = |day: Option<usize>| day.unwrap_or(usize::MAX);
            prop_assert!(late(by(f64::from(more))) >= late(by(0.0)));
        }
    }
}
