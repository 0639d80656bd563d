//! What would help where a day is at risk: the cheapest that plays well. No database here.
//!
//! Cheap is what asks least of everybody: to check at once what is handed in ([`checking_at_once_helps`]); to split what one person has not begun with somebody who is on it already; to offer it
//! anew to whom it fits; to let a second person take half of all that is left; and, where none of these helps, to agree on
//! another day with the client. Each is tried on the plan itself.

use super::dealing::{Waiting, deal_out};
use super::play::{Part, Plan, play};

/// More runs of a thousand than this after its day, and an order is at risk: its day is then sooner than the one that holds in
/// 85 of 100 runs.
pub const AT_RISK_PERMILLE: u32 = 150;
/// Runs of each trial: enough to tell a day that helps from one that does not.
const RUNS: u32 = 400;

/// Units that somebody holds and has still to do.
#[derive(Debug, Clone, PartialEq)]
pub struct Held {
    /// Which of the plan's parts they are.
    pub part: usize,
    /// Which kind of piece they are: the same for all who are on it.
    pub piece: i64,
    /// How many of them nobody has begun.
    pub not_begun: u32,
    /// How many are left in all.
    pub left: u32,
    /// Minutes of one as thought.
    pub unit_minutes: f64,
    /// Whom they fit, as in [`Waiting`].
    pub fits: Vec<(usize, f64)>,
}

/// What would help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remedy {
    /// So many units go from one hand to another that is on it already.
    Split {
        /// How many.
        units: u32,
        /// From whom.
        from: usize,
        /// To whom.
        to: usize,
    },
    /// So many units of one hand are offered anew.
    ReOffer {
        /// How many.
        units: u32,
        /// From whom.
        from: usize,
    },
    /// A second hand takes half of what is left.
    SecondWorker {
        /// How many.
        units: u32,
        /// From whom.
        from: usize,
        /// To whom.
        to: usize,
    },
    /// Another day has to be agreed on.
    Renegotiate,
}

/// Whether one of the plan's jobs holds its day in 85 of 100 runs if nothing waits for its check: then nobody has to do more, or
/// anything else, than they have.
pub fn checking_at_once_helps(plan: &Plan, job: usize, seed: u64) -> bool {
    let trial = Plan { check_days: Vec::new(), ..plan.clone() };
    play(&trial, RUNS, seed).get(job).is_some_and(|ends| ends.late_permille() <= AT_RISK_PERMILLE)
}

/// The cheapest remedy for one of the plan's jobs that makes its day hold in 85 of 100 runs.
pub fn cheapest(plan: &Plan, job: usize, held: &[Held], seed: u64) -> Remedy {
    let Some(worst) = worst(plan, job, held) else { return Remedy::Renegotiate };
    let Some(from) = plan.parts.get(worst.part).map(|part| part.hand) else { return Remedy::Renegotiate };
    let on_it: Vec<usize> = held
        .iter()
        .filter(|other| other.piece == worst.piece && other.part != worst.part)
        .filter_map(|other| plan.parts.get(other.part).map(|part| part.hand))
        .collect();
    let others = |among: &dyn Fn(usize) -> bool| -> Vec<(usize, f64)> {
        worst.fits.iter().filter(|(hand, _)| *hand != from && among(*hand)).copied().collect()
    };
    let helps = |units: u32, fits: Vec<(usize, f64)>| -> Option<usize> {
        let (trial, to) = moved(plan, worst, units, fits)?;
        let late = play(&trial, RUNS, seed).get(job)?.late_permille();
        (late <= AT_RISK_PERMILLE).then_some(to)
    };
    let half = worst.not_begun.div_ceil(2);
    if let Some(to) = helps(half, soonest(plan, worst, half, others(&|hand| on_it.contains(&hand)))) {
        return Remedy::Split { units: half, from, to };
    }
    if helps(worst.not_begun, others(&|_| true)).is_some() {
        return Remedy::ReOffer { units: worst.not_begun, from };
    }
    let half = worst.left.div_ceil(2);
    match helps(half, soonest(plan, worst, half, others(&|hand| !on_it.contains(&hand)))) {
        Some(to) => Remedy::SecondWorker { units: half, from, to },
        None => Remedy::Renegotiate,
    }
}

/// Of what is held of a job, what ends last on average.
fn worst<'a>(plan: &Plan, job: usize, held: &'a [Held]) -> Option<&'a Held> {
    let of_job = held.iter().filter(|one| plan.parts.get(one.part).is_some_and(|part| part.job == job));
    of_job.max_by_key(|one| average_end(plan, one.part))
}

/// The day on which a part ends if everything takes as long as it does on average.
fn average_end(plan: &Plan, at: usize) -> usize {
    let Some(hand) = plan.parts.get(at).and_then(|part| plan.hands.get(part.hand)) else { return 0 };
    let of = plan.parts.get(at).map(|part| part.hand);
    let before = plan.parts.iter().take(at + 1).filter(|part| Some(part.hand) == of);
    let needed: f64 = before.map(average).sum();
    let mut offered = 0.0;
    let reaches = |minutes: &f64| {
        offered += minutes;
        offered >= needed
    };
    hand.days.iter().position(reaches).unwrap_or(hand.days.len())
}

/// Offered minutes that a part takes on average.
pub(super) fn average(part: &Part) -> f64 {
    (part.minutes + part.returned * part.redo_minutes) * part.average()
}

/// The one of `fits` who would be done first with so many units of `from`.
fn soonest(plan: &Plan, from: &Held, units: u32, fits: Vec<(usize, f64)>) -> Vec<(usize, f64)> {
    let unit_minutes = from.unit_minutes * f64::from(units);
    let all = Waiting { job: 0, units: 1, unit_minutes, fits };
    let first = deal_out(plan, std::slice::from_ref(&all)).pop();
    all.fits.into_iter().filter(|(hand, _)| first.is_some_and(|share| share.hand == *hand)).collect()
}

/// The plan with so many units of `from` dealt out anew, and who gets most of them; nothing where nobody can.
fn moved(plan: &Plan, from: &Held, units: u32, fits: Vec<(usize, f64)>) -> Option<(Plan, usize)> {
    if units == 0 || fits.is_empty() {
        return None;
    }
    let mut trial = plan.clone();
    let part = trial.parts.get_mut(from.part)?;
    part.minutes = (part.minutes - from.unit_minutes * f64::from(units)).max(0.0);
    let like = part.clone();
    let waiting = Waiting { job: like.job, units, unit_minutes: from.unit_minutes, fits };
    let shares = deal_out(&trial, std::slice::from_ref(&waiting));
    let most = shares.iter().max_by_key(|share| share.units)?.hand;
    for share in shares {
        let factor = waiting.fits.iter().find(|(hand, _)| *hand == share.hand)?.1;
        trial.parts.push(Part {
            hand: share.hand,
            minutes: from.unit_minutes * f64::from(share.units),
            spent: 0.0,
            mean: factor.ln() - f64::midpoint(like.noise, like.doubt),
            ..like.clone()
        });
    }
    in_order(&mut trial);
    Some((trial, most))
}

/// Puts parts in the order of their jobs' days: what is due first is done first.
pub fn in_order(plan: &mut Plan) {
    let jobs = plan.jobs.clone();
    plan.parts.sort_by_key(|part| jobs.get(part.job).map_or(usize::MAX, |goal| goal.due));
}

#[cfg(test)]
mod tests {
    use super::super::play::{Goal, Hand};
    use super::*;

    fn plan(hands: &[f64], parts: &[(usize, f64)], due: usize) -> Plan {
        let hand =
            |minutes: &f64| Hand { days: vec![*minutes; 60], falls_away: 0.0, away_for: None, doubt: 0.0 };
        let part = |(hand, minutes): &(usize, f64)| Part {
            hand: *hand,
            job: 0,
            minutes: *minutes,
            spent: 0.0,
            mean: 0.0,
            noise: 0.01,
            doubt: 0.0,
            returned: 0.0,
            redo_minutes: 0.0,
        };
        Plan {
            hands: hands.iter().map(hand).collect(),
            jobs: vec![Goal { due, likely: 1.0 }],
            parts: parts.iter().map(part).collect(),
            ..Plan::default()
        }
    }

    fn held(part: usize, not_begun: u32, left: u32, fits: &[usize]) -> Held {
        let fits = fits.iter().map(|hand| (*hand, 1.0)).collect();
        Held { part, piece: 1, not_begun, left, unit_minutes: 60.0, fits }
    }

    #[test]
    fn the_cheapest_that_helps_is_named() {
        // Twenty hours at an hour a day, due on the thirteenth day, and somebody beside who has nearly nothing of the same.
        let two = plan(&[60.0, 60.0], &[(0, 1200.0), (1, 60.0)], 12);
        let shared = [held(0, 18, 20, &[0, 1]), held(1, 1, 1, &[0, 1])];
        assert_eq!(cheapest(&two, 0, &shared, 1), Remedy::Split { units: 9, from: 0, to: 1 });
        // Nobody else is on it, but it fits two others.
        let three = plan(&[60.0, 60.0, 60.0], &[(0, 1200.0)], 13);
        let alone = cheapest(&three, 0, &[held(0, 18, 20, &[0, 1, 2])], 1);
        assert_eq!(alone, Remedy::ReOffer { units: 18, from: 0 });
        // All of it is begun: only somebody beside helps.
        let begun = cheapest(&three, 0, &[held(0, 0, 20, &[0, 1, 2])], 1);
        assert_eq!(begun, Remedy::SecondWorker { units: 10, from: 0, to: 1 });
        // It fits nobody else, or the day is too near for all.
        assert_eq!(cheapest(&three, 0, &[held(0, 18, 20, &[0])], 1), Remedy::Renegotiate);
        let near = plan(&[60.0, 60.0], &[(0, 1200.0)], 2);
        assert_eq!(cheapest(&near, 0, &[held(0, 20, 20, &[0, 1])], 1), Remedy::Renegotiate);
        assert_eq!(cheapest(&near, 0, &[], 1), Remedy::Renegotiate);
    }

    #[test]
    fn checking_at_once_helps_where_the_work_itself_is_in_time() {
        let waits = |due: usize| Plan { check_days: vec![3], ..plan(&[60.0], &[(0, 240.0)], due) };
        assert!(checking_at_once_helps(&waits(4), 0, 1));
        assert!(!checking_at_once_helps(&waits(2), 0, 1), "the work alone takes longer");
        assert!(!checking_at_once_helps(&waits(4), 1, 1), "there is no such job");
    }

    #[test]
    fn of_two_people_the_one_who_ends_last_is_helped() {
        let two = plan(&[60.0, 60.0, 120.0], &[(0, 300.0), (1, 1200.0)], 11);
        let both = [held(0, 5, 5, &[2]), held(1, 20, 20, &[2])];
        assert!(matches!(cheapest(&two, 0, &both, 1), Remedy::ReOffer { from: 1, .. }));
    }
}
