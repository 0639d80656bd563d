//! To whom units go that wait for somebody, as the plan supposes: bundle by bundle to whoever would be done with it first. No
//! database here.
//!
//! Whom they are really offered to is decided in turn (`rounds`); for a promise it is enough that they go to people who have
//! time for them. This is list scheduling (Graham 1969), whose end is never more than twice the best possible one.

use super::play::{Hand, Plan};
use super::remedies::average;

/// Units that wait for somebody.
#[derive(Debug, Clone, PartialEq)]
pub struct Waiting {
    /// Of what, as an index of the plan's jobs.
    pub job: usize,
    /// How many; more than none.
    pub units: u32,
    /// Minutes of one as thought.
    pub unit_minutes: f64,
    /// Whom they fit, as indexes of the plan's hands, each with the offered minutes a thought minute takes them on average.
    pub fits: Vec<(usize, f64)>,
}

/// What somebody gets of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// Which of the waiting, as an index.
    pub waiting: usize,
    /// Who, as an index of the plan's hands.
    pub hand: usize,
    /// How many units.
    pub units: u32,
}

/// Into how many bundles for each person what waits is divided at most.
const BUNDLES: u32 = 4;

/// How full somebody is: the offered minutes that what they hold takes on average.
struct Load {
    /// Offered minutes up to and including each day.
    up_to: Vec<f64>,
    held: f64,
}

impl Load {
    fn of(hand: &Hand, held: f64) -> Self {
        let mut sum = 0.0;
        let up_to = hand.days.iter().map(|minutes| {
            sum += minutes;
            sum
        });
        Self { up_to: up_to.collect(), held }
    }

    /// The day on which so much more would be done; the number of their days where it never is.
    fn done_on(&self, more: f64) -> usize {
        self.up_to.partition_point(|minutes| *minutes < self.held + more)
    }
}

/// Offered minutes that what each hand holds takes on average.
fn held(plan: &Plan) -> Vec<f64> {
    let mut held = vec![0.0; plan.hands.len()];
    for part in &plan.parts {
        if let Some(held) = held.get_mut(part.hand) {
            *held += average(part);
        }
    }
    held
}

/// Deals out what waits, in its order, beside what the plan's hands hold. What fits nobody goes to nobody.
pub fn deal_out(plan: &Plan, waiting: &[Waiting]) -> Vec<Share> {
    let mut loads: Vec<Load> =
        plan.hands.iter().zip(held(plan)).map(|(hand, held)| Load::of(hand, held)).collect();
    let mut shares: Vec<Share> = Vec::new();
    for (at, one) in waiting.iter().enumerate() {
        let first = shares.len();
        let people = u32::try_from(one.fits.len()).unwrap_or(u32::MAX);
        let bundle = one.units.div_ceil(people.saturating_mul(BUNDLES).max(1));
        let mut left = one.units;
        while left > 0 {
            let units = bundle.min(left);
            let Some(hand) = soonest(&mut loads, one, units) else { break };
            left -= units;
            match shares.iter_mut().skip(first).find(|share| share.hand == hand) {
                Some(share) => share.units += units,
                None => shares.push(Share { waiting: at, hand, units }),
            }
        }
    }
    shares
}

/// Whoever would be done first with so many units more, who then holds them; of equals whoever holds less, then whoever comes
/// first.
fn soonest(loads: &mut [Load], one: &Waiting, units: u32) -> Option<usize> {
    let minutes = one.unit_minutes * f64::from(units);
    let end = |(hand, factor): &(usize, f64)| {
        let load = loads.get(*hand)?;
        Some((load.done_on(minutes * factor), load.held, *hand, minutes * factor))
    };
    let sooner = |a: &(usize, f64, usize, f64), b: &(usize, f64, usize, f64)| {
        a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)).then(a.2.cmp(&b.2))
    };
    let (_, _, hand, more) = one.fits.iter().filter_map(end).min_by(sooner)?;
    loads.get_mut(hand)?.held += more;
    Some(hand)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::play::{Goal, Part};
    use super::*;

    fn plan(minutes: &[f64]) -> Plan {
        let hand =
            |minutes: &f64| Hand { days: vec![*minutes; 30], falls_away: 0.0, away_for: None, doubt: 0.0 };
        Plan {
            hands: minutes.iter().map(hand).collect(),
            jobs: vec![Goal { due: 9, likely: 1.0 }],
            ..Plan::default()
        }
    }

    fn waiting(units: u32, fits: &[usize]) -> Waiting {
        Waiting { job: 0, units, unit_minutes: 30.0, fits: fits.iter().map(|hand| (*hand, 1.0)).collect() }
    }

    fn share(waiting: usize, hand: usize, units: u32) -> Share {
        Share { waiting, hand, units }
    }

    #[test]
    fn work_goes_to_whoever_has_time_for_it() {
        let even = deal_out(&plan(&[60.0, 60.0]), &[waiting(8, &[0, 1])]);
        assert_eq!(even, [share(0, 0, 4), share(0, 1, 4)]);
        let faster = deal_out(&plan(&[30.0, 90.0]), &[waiting(8, &[0, 1])]);
        assert_eq!(faster, [share(0, 0, 2), share(0, 1, 6)], "three times the hours, three times the work");
        let busy = Part {
            hand: 0,
            job: 0,
            minutes: 600.0,
            spent: 0.0,
            mean: 0.0,
            noise: 0.0,
            doubt: 0.0,
            returned: 0.0,
            redo_minutes: 0.0,
        };
        let plan = Plan { parts: vec![busy], ..plan(&[60.0, 60.0]) };
        assert_eq!(deal_out(&plan, &[waiting(8, &[0, 1])]), [share(0, 1, 8)]);
    }

    #[test]
    fn what_fits_nobody_goes_to_nobody() {
        assert!(deal_out(&plan(&[60.0]), &[waiting(3, &[])]).is_empty());
        assert_eq!(deal_out(&plan(&[60.0, 60.0]), &[waiting(3, &[]), waiting(2, &[1])]), [share(1, 1, 2)]);
    }

    proptest! {
        #[test]
        fn every_unit_that_fits_somebody_goes_to_somebody_it_fits(
            minutes in proptest::collection::vec(0..120i32, 1..8),
            units in proptest::collection::vec((1..200u32, 0..255u8), 0..6),
        ) {
            let minutes: Vec<f64> = minutes.into_iter().map(f64::from).collect();
            let fits = |set: u8| (0..minutes.len()).filter(|hand| set & (1 << hand) != 0).collect::<Vec<_>>();
            let all: Vec<Waiting> = units.iter().map(|(units, set)| waiting(*units, &fits(*set))).collect();
            let shares = deal_out(&plan(&minutes), &all);
            for (at, one) in all.iter().enumerate() {
                let dealt: u32 = shares.iter().filter(|share| share.waiting == at).map(|share| share.units).sum();
                prop_assert_eq!(dealt, if one.fits.is_empty() { 0 } else { one.units });
            }
            for share in &shares {
                prop_assert!(share.units > 0 && all[share.waiting].fits.iter().any(|(hand, _)| *hand == share.hand));
            }
        }
    }
}
