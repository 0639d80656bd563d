//! How much longer somebody takes than thought, learned from few cases. No database here.
//!
//! Ratios are lognormal. What is known of one person at one kind of work is drawn towards the kind, the kind towards all work,
//! and all work towards a prior, each by how much there is to go by (empirical Bayes): whoever is new counts as one of the
//! kind, and every case moves them a little to their own.

use std::collections::BTreeMap;

/// Something that took so many times what was thought.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Case {
    pub(super) who: i64,
    pub(super) kind: i64,
    /// More than none.
    pub(super) ratio: f64,
}

/// What is thought before anything was seen.
#[derive(Debug, Clone, Copy)]
pub(super) struct Prior {
    /// The natural logarithm of the usual ratio.
    pub(super) mean: f64,
    /// The variance of that logarithm from case to case of one person.
    pub(super) noise: f64,
    /// Its variance from person to person.
    pub(super) persons: f64,
}

/// The cases that a prior is worth.
const PRIOR_CASES: f64 = 4.0;
/// The least variance that is ever reckoned with: nobody is a clock.
const LEAST_VARIANCE: f64 = 0.0004;

/// What is expected of one person at one kind: a lognormal.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Expected {
    /// The mean of the logarithm of the ratio.
    pub mean: f64,
    /// Its variance from case to case.
    pub noise: f64,
    /// How little is known of the person: the variance of the mean.
    pub doubt: f64,
    /// From how many of their own cases it is known.
    pub cases: u32,
}

impl Expected {
    /// The ratio itself, on average over all that may come.
    pub fn average(&self) -> f64 {
        (self.mean + f64::midpoint(self.noise, self.doubt)).exp()
    }
}

#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    cases: f64,
    logs: f64,
    squares: f64,
}

impl Sum {
    fn add(&mut self, log: f64) {
        self.cases += 1.0;
        self.logs += log;
        self.squares += log * log;
    }

    fn mean(&self) -> f64 {
        self.logs / self.cases.max(1.0)
    }

    /// The sum of squares around its own mean.
    fn within(&self) -> f64 {
        (self.squares - self.logs * self.mean()).max(0.0)
    }
}

#[derive(Debug, Clone, Copy)]
struct Kind {
    mean: f64,
    noise: f64,
    /// How little is known of the kind itself.
    doubt: f64,
}

/// What all cases say.
#[derive(Debug, Clone)]
pub(super) struct Ratios {
    own: BTreeMap<(i64, i64), Sum>,
    kinds: BTreeMap<i64, Kind>,
    all: Kind,
    persons: f64,
}

impl Ratios {
    pub(super) fn of(cases: &[Case], prior: Prior) -> Self {
        let mut own: BTreeMap<(i64, i64), Sum> = BTreeMap::new();
        for case in cases.iter().filter(|case| case.ratio > 0.0) {
            own.entry((case.kind, case.who)).or_default().add(case.ratio.ln());
        }
        let all = pooled(own.values(), Kind { mean: prior.mean, noise: prior.noise, doubt: prior.persons });
        let mut by_kind: BTreeMap<i64, Vec<Sum>> = BTreeMap::new();
        for ((kind, _), sum) in &own {
            by_kind.entry(*kind).or_default().push(*sum);
        }
        let kinds = by_kind.iter().map(|(kind, sums)| (*kind, pooled(sums.iter(), all))).collect();
        let mut known = Self { own, kinds, all, persons: prior.persons };
        known.persons = known.between(prior.persons);
        known
    }

    /// How far persons lie apart within a kind: what of their means' spread is more than chance.
    fn between(&self, prior: f64) -> f64 {
        let (mut spread, mut chance, mut cases) = (0.0, 0.0, 0.0);
        for ((kind, _), sum) in &self.own {
            let of_kind = self.kind(*kind);
            spread += sum.cases * (sum.mean() - of_kind.mean).powi(2);
            chance += of_kind.noise;
            cases += sum.cases;
        }
        let seen = (spread - chance).max(0.0);
        ((seen + prior * PRIOR_CASES) / (cases + PRIOR_CASES)).max(LEAST_VARIANCE)
    }

    fn kind(&self, kind: i64) -> Kind {
        self.kinds.get(&kind).copied().unwrap_or(self.all)
    }

    /// What is expected of one person at one kind of work, known or not.
    pub(super) fn expected(&self, who: i64, kind: i64) -> Expected {
        let of_kind = self.kind(kind);
        let own = self.own.get(&(kind, who)).copied().unwrap_or_default();
        let (seen, thought) = (own.cases / of_kind.noise, 1.0 / self.persons);
        let mean = (own.logs / of_kind.noise + of_kind.mean * thought) / (seen + thought);
        let weight = thought / (seen + thought);
        let doubt = 1.0 / (seen + thought) + weight * weight * of_kind.doubt;
        Expected { mean, noise: of_kind.noise, doubt, cases: whole(own.cases) }
    }
}

/// One mean and one spread of several persons' cases, drawn towards what lies above them.
fn pooled<'a>(sums: impl Iterator<Item = &'a Sum>, above: Kind) -> Kind {
    let (mut cases, mut logs, mut within, mut freedom) = (0.0, 0.0, 0.0, 0.0);
    for sum in sums {
        cases += sum.cases;
        logs += sum.logs;
        within += sum.within();
        freedom += (sum.cases - 1.0).max(0.0);
    }
    let noise = ((within + above.noise * PRIOR_CASES) / (freedom + PRIOR_CASES)).max(LEAST_VARIANCE);
    let mean = (logs + above.mean * PRIOR_CASES) / (cases + PRIOR_CASES);
    Kind { mean, noise, doubt: (above.doubt + noise) / (cases + PRIOR_CASES) }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count, kept as a float")]
fn whole(cases: f64) -> u32 {
    cases as u32
}

#[cfg(test)]
mod tests {
    use super::super::chance::Chance;
    use super::*;

    const PRIOR: Prior = Prior { mean: 0.0, noise: 0.09, persons: 0.04 };

    fn case(who: i64, kind: i64, ratio: f64) -> Case {
        Case { who, kind, ratio }
    }

    #[test]
    fn whoever_is_new_counts_as_one_of_the_kind_and_moves_to_their_own() {
        let nothing = Ratios::of(&[], PRIOR).expected(1, 1);
        assert!(nothing.mean.abs() < 1e-9 && (nothing.noise - 0.09).abs() < 1e-9, "{nothing:?}");
        let mut cases: Vec<Case> = (0..40).map(|number| case(number % 8, 1, 1.5)).collect();
        let new = Ratios::of(&cases, PRIOR).expected(99, 1);
        assert!((new.mean.exp() - 1.45).abs() < 0.06, "near what the others take: {}", new.mean.exp());
        assert_eq!(new.cases, 0);
        let mut before = new.mean;
        for count in 1..6 {
            cases.push(case(99, 1, 3.0));
            let own = Ratios::of(&cases, PRIOR).expected(99, 1);
            assert!(own.mean > before && own.mean.exp() < 3.0, "{count}: {}", own.mean.exp());
            assert!(own.cases == count && own.doubt < new.doubt);
            before = own.mean;
        }
        let other = Ratios::of(&cases, PRIOR).expected(99, 2);
        assert!(other.cases == 0 && other.mean < before, "another kind of work is not theirs");
    }

    #[test]
    fn means_and_spreads_that_were_drawn_are_found() {
        let mut chance = Chance::new(3);
        let mut cases = Vec::new();
        for who in 0..60 {
            let own = 0.2 + 0.3 * chance.normal();
            cases.extend((0..20).map(|_| case(who, 1, (own + 0.4 * chance.normal()).exp())));
        }
        let ratios = Ratios::of(&cases, PRIOR);
        let new = ratios.expected(1_000, 1);
        assert!((new.mean - 0.2).abs() < 0.12, "{new:?}");
        assert!((new.noise.sqrt() - 0.4).abs() < 0.03, "{new:?}");
        assert!((ratios.persons.sqrt() - 0.3).abs() < 0.06, "{}", ratios.persons.sqrt());
    }

    #[test]
    fn nonsense_is_left_out() {
        let ratios = Ratios::of(&[case(1, 1, 0.0), case(1, 1, -2.0), case(1, 1, f64::NAN)], PRIOR);
        assert_eq!(ratios.expected(1, 1), Ratios::of(&[], PRIOR).expected(1, 1));
    }
}
