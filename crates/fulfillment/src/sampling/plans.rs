//! The arithmetic of sampling: what a plan lets pass and how sure one may be of somebody. Computed here from binomial,
//! hypergeometric and beta sums, never from tables (ISO 2859 names the plans, its tables are not used). No database.

/// One sample decides about a lot: of `sample` units looked at, `accept` defective ones at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LotPlan {
    /// How many units are looked at.
    pub sample: u32,
    /// How many of them may be defective.
    pub accept: u32,
}

impl LotPlan {
    /// How likely a lot passes of which each unit is defective with probability `rate`; for lots much larger than the sample.
    pub fn passes(self, rate: f64) -> f64 {
        let trials = f64::from(self.sample);
        let good = 1.0 - rate;
        let mut term = good.powf(trials);
        let mut sum = term;
        for found in 0..self.accept.min(self.sample) {
            let found = f64::from(found);
            term *= (trials - found) / (found + 1.0) * rate / good;
            sum += term;
        }
        sum.min(1.0)
    }

    /// How likely a lot of `lot` units with `defective` ones among them passes: exact for small lots.
    pub fn passes_small(self, lot: u32, defective: u32) -> f64 {
        let sample = self.sample.min(lot);
        let ways = ln_choose(lot, sample);
        let one = |found: u32| {
            if found > defective || found > sample || sample - found > lot - defective {
                return 0.0;
            }
            (ln_choose(defective, found) + ln_choose(lot - defective, sample - found) - ways).exp()
        };
        (0..=self.accept.min(sample)).map(one).sum::<f64>().min(1.0)
    }
}

/// Continuous sampling after Dodge (CSP-1): everything is looked at until `clean` units in a row are good, then one in `one_in`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FlowPlan {
    /// How many good units in a row it takes.
    pub clean: u16,
    /// Of how many units one is looked at then.
    pub one_in: u16,
}

impl FlowPlan {
    /// The share of units that is looked at in the long run where each is defective with probability `rate`.
    pub fn looked_at(self, rate: f64) -> f64 {
        let fraction = 1.0 / f64::from(self.one_in);
        let clean = (1.0 - rate).powf(f64::from(self.clean));
        fraction / (fraction + (1.0 - fraction) * clean)
    }

    /// The share of defective units that goes out in the long run; what is looked at and found is mended.
    pub fn goes_out(self, rate: f64) -> f64 {
        rate * (1.0 - self.looked_at(rate))
    }

    /// How likely nobody notices any of so many defects, once one in so many is looked at: each of them is drawn or not.
    pub fn unnoticed(self, defects: u32) -> f64 {
        LotPlan { sample: defects, accept: 0 }.passes(1.0 / f64::from(self.one_in))
    }

    /// The worst that can go out in the long run, whatever the rate of defects is (AOQL).
    pub fn worst(self) -> f64 {
        const STEPS: u32 = 10_000;
        (0..=STEPS).map(|step| self.goes_out(f64::from(step) / f64::from(STEPS))).fold(0.0, f64::max)
    }
}

/// What is known of a share after so many good and bad cases, from a uniform prior: a Beta distribution, and never one number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Share {
    /// Bad cases, weighted.
    pub bad: f64,
    /// Good cases, weighted.
    pub good: f64,
}

impl Share {
    /// How sure one may be that the share of bad cases is `rate` at most.
    pub fn at_most(self, rate: f64) -> f64 {
        beta_below(rate, self.bad + 1.0, self.good + 1.0)
    }

    /// Its mean.
    pub fn mean(self) -> f64 {
        (self.bad + 1.0) / (self.bad + self.good + 2.0)
    }

    /// Where the share lies with probability `sure`, as much left out below as above.
    pub fn interval(self, sure: f64) -> (f64, f64) {
        let tail = (1.0 - sure) / 2.0;
        (self.quantile(tail), self.quantile(1.0 - tail))
    }

    fn quantile(self, wanted: f64) -> f64 {
        let (mut low, mut high) = (0.0, 1.0);
        for _ in 0..60 {
            let middle = f64::midpoint(low, high);
            if self.at_most(middle) < wanted { low = middle } else { high = middle }
        }
        f64::midpoint(low, high)
    }
}

/// Where the share of bad units lies of which so many of `of` at random were bad, `sure` being the chance that the interval covers
/// it at least: exact, after Clopper and Pearson (1934), so that neither few units nor no bad one make it too narrow.
pub fn exact_interval(bad: u32, of: u32, sure: f64) -> (f64, f64) {
    let (bad, good) = (f64::from(bad), f64::from(of.saturating_sub(bad)));
    let tail = (1.0 - sure) / 2.0;
    // Beta(bad, good + 1) and Beta(bad + 1, good), of which a share counts one more on each side.
    let low = if bad > 0.0 { Share { bad: bad - 1.0, good }.quantile(tail) } else { 0.0 };
    let high = if good > 0.0 { Share { bad, good: good - 1.0 }.quantile(1.0 - tail) } else { 1.0 };
    (low, high)
}

/// In words a probability is "one in so many"; never less than one.
pub fn one_in(probability: f64) -> Option<u32> {
    if probability <= 0.0005 {
        return None;
    }
    // Within 1 and 2,000.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within 1 and 2,000")]
    Some((1.0 / probability).round().max(1.0) as u32)
}

fn ln_choose(of: u32, taken: u32) -> f64 {
    let ln_factorial = |number: u32| ln_gamma(f64::from(number) + 1.0);
    ln_factorial(of) - ln_factorial(taken) - ln_factorial(of - taken)
}

/// The logarithm of the gamma function of a positive number (Lanczos, g = 7, nine terms).
fn ln_gamma(x: f64) -> f64 {
    const TERMS: [f64; 9] = [
        0.999_999_999_999_809_9,
        676.520_368_121_885_1,
        -1_259.139_216_722_402_8,
        771.323_428_777_653_1,
        -176.615_029_162_140_6,
        12.507_343_278_686_905,
        -0.138_571_095_265_720_12,
        9.984_369_578_019_572e-6,
        1.505_632_735_149_311_6e-7,
    ];
    let x = x - 1.0;
    let [first, rest @ ..] = TERMS;
    let mut at = x;
    let sum = rest.iter().fold(first, |sum, term| {
        at += 1.0;
        sum + term / at
    });
    let t = x + 7.5;
    0.5 * (2.0 * std::f64::consts::PI).ln() + (x + 0.5) * t.ln() - t + sum.ln()
}

/// How much of a Beta distribution lies below `at`: the regularized incomplete beta function by its continued fraction.
fn beta_below(at: f64, alpha: f64, beta: f64) -> f64 {
    if at <= 0.0 {
        return 0.0;
    }
    if at >= 1.0 {
        return 1.0;
    }
    let whole = ln_gamma(alpha + beta) - ln_gamma(alpha) - ln_gamma(beta);
    let front = (whole + alpha * at.ln() + beta * (1.0 - at).ln()).exp();
    if at < (alpha + 1.0) / (alpha + beta + 2.0) {
        front * fraction(at, alpha, beta) / alpha
    } else {
        1.0 - front * fraction(1.0 - at, beta, alpha) / beta
    }
}

/// Lentz's method.
fn fraction(at: f64, alpha: f64, beta: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let away = |value: f64| if value.abs() < TINY { TINY } else { value };
    let mut above = 1.0;
    let mut below = 1.0 / away(1.0 - (alpha + beta) * at / (alpha + 1.0));
    let mut result = below;
    for step in 1..300 {
        let step = f64::from(step);
        let twice = alpha + 2.0 * step;
        let even = step * (beta - step) * at / ((twice - 1.0) * twice);
        let odd = -(alpha + step) * (alpha + beta + step) * at / (twice * (twice + 1.0));
        for term in [even, odd] {
            below = 1.0 / away(1.0 + term * below);
            above = away(1.0 + term / above);
            result *= below * above;
        }
        if (below * above - 1.0).abs() < 1e-14 {
            break;
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::sampling::model::{Phase, Run, Seen, is_drawn};

    fn percent(share: f64) -> String {
        format!("{:.0}", share * 100.0)
    }

    /// queue.md 6, "Probability of acceptance % at defect rate".
    #[test]
    fn lots_pass_as_often_as_the_binomial_says() {
        let rates = [0.01, 0.025, 0.05, 0.10, 0.20, 0.30];
        for (sample, accept, expected) in [
            (5, 0, [95, 88, 77, 59, 33, 17]),
            (8, 0, [92, 82, 66, 43, 17, 6]),
            (13, 0, [88, 72, 51, 25, 5, 1]),
            (20, 1, [98, 91, 74, 39, 7, 1]),
            (32, 1, [96, 81, 52, 16, 1, 0]),
            (50, 3, [100, 96, 76, 25, 1, 0]),
        ] {
            let plan = LotPlan { sample, accept };
            let expected = expected.map(|share: u8| share.to_string());
            assert_eq!(rates.map(|rate| percent(plan.passes(rate))), expected, "{plan:?}");
        }
    }

    #[test]
    fn a_small_lot_is_counted_exactly_and_a_large_one_comes_to_the_binomial() {
        let plan = LotPlan { sample: 5, accept: 0 };
        // 15 good of 20: C(15,5) / C(20,5) = 3003 / 15504.
        assert!((plan.passes_small(20, 5) - 3003.0 / 15504.0).abs() < 1e-9);
        assert!((plan.passes_small(4, 0) - 1.0).abs() < 1e-12, "all of it was looked at, and is good");
        assert!(plan.passes_small(4, 1) < 1e-12);
        let plan = LotPlan { sample: 20, accept: 1 };
        assert!((plan.passes_small(100_000, 5_000) - plan.passes(0.05)).abs() < 1e-3);
    }

    /// queue.md 6, "CSP-1 AOQL" with the share looked at where 5 % are defective.
    #[test]
    fn a_flow_lets_no_more_out_than_its_worst() {
        for (clean, one_in, worst, looked_at) in
            [(21, 10, 4.99, 25), (30, 10, 3.55, 34), (15, 5, 4.53, 35), (10, 4, 5.59, 36), (8, 2, 3.22, 60)]
        {
            let plan = FlowPlan { clean, one_in };
            assert!((plan.worst() * 100.0 - worst).abs() < 0.006, "{plan:?}: {}", plan.worst());
            assert_eq!(percent(plan.looked_at(0.05)), looked_at.to_string(), "{plan:?}");
        }
    }

    /// queue.md 6, "90 % sure defect rate ≤5 % needs 44 good lots with 0 defects, 76 with 1, 104 with 2; ≤10 %: 21/37/51".
    #[test]
    fn one_is_sure_after_as_many_good_cases_as_the_beta_says() {
        for (rate, needed) in [(0.05, [44, 76, 104]), (0.10, [21, 37, 51])] {
            for (bad, needed) in (0u8..).zip(needed) {
                let sure = |cases: i32| {
                    let bad = f64::from(bad);
                    Share { bad, good: f64::from(cases) - bad }.at_most(rate)
                };
                assert!(sure(needed) >= 0.9 && sure(needed - 1) < 0.9, "{bad} of {needed} at {rate}");
            }
        }
    }

    #[test]
    fn an_interval_holds_what_it_says_and_narrows() {
        let (few, many) = (Share { bad: 1.0, good: 9.0 }, Share { bad: 10.0, good: 90.0 });
        for share in [few, many, Share { bad: 0.0, good: 0.0 }] {
            let (low, high) = share.interval(0.9);
            assert!((share.at_most(high) - share.at_most(low) - 0.9).abs() < 1e-9, "{share:?}");
            assert!(low < share.mean() && share.mean() < high);
        }
        let width = |share: Share| share.interval(0.9).1 - share.interval(0.9).0;
        assert!(width(many) < width(few) / 2.0);
    }

    /// What really goes out where somebody's work is defective at a steady rate, drawn with a seed as it is in a town.
    fn played(plan: FlowPlan, rate: f64, units: i32, seed: [u8; 32]) -> (f64, f64) {
        let mut dice = 0x9e37_79b9_7f4a_7c15_u64 ^ u64::from_le_bytes(*seed.first_chunk().unwrap());
        let mut is_bad = || {
            // Xorshift: the defects are no draws of the seed.
            dice ^= dice << 13;
            dice ^= dice >> 7;
            dice ^= dice << 17;
            f64::from(u32::try_from(dice >> 32).unwrap()) / f64::from(u32::MAX) < rate
        };
        let mut now = Run { phase: Phase::All, run: 0 };
        let (mut out, mut looked_at) = (0, 0);
        for number in 1..=units {
            let bad = is_bad();
            if now.is_enough(plan) && !is_drawn(&seed, number, plan.one_in) {
                out += i32::from(bad);
                continue;
            }
            looked_at += 1;
            now = now.after(if bad { Seen::Bad } else { Seen::Good }, plan).0;
        }
        (f64::from(out) / f64::from(units), f64::from(looked_at) / f64::from(units))
    }

    #[test]
    fn what_goes_out_when_it_is_played_is_what_the_formula_says() {
        for (clean, one_in) in [(21, 10), (30, 10), (15, 5), (10, 4), (8, 2)] {
            let plan = FlowPlan { clean, one_in };
            let worst = plan.worst();
            for rate in [0.01, 0.05, 0.1, 0.2] {
                let (out, looked_at) = played(plan, rate, 40_000, [7; 32]);
                assert!((out - plan.goes_out(rate)).abs() < 0.008, "{plan:?} at {rate}: {out}");
                assert!((looked_at - plan.looked_at(rate)).abs() < 0.06, "{plan:?} at {rate}: {looked_at}");
                assert!(out < worst + 0.008, "{plan:?} at {rate}: {out} of {worst}");
            }
        }
    }

    proptest! {
        #[test]
        fn no_rate_of_defects_lets_more_out_than_the_worst(clean in 3u16..=100, one_in in 2u16..=20, rate in 0.0f64..=1.0) {
            let plan = FlowPlan { clean, one_in };
            prop_assert!(plan.goes_out(rate) <= plan.worst() + 1e-6);
            prop_assert!((1.0 / f64::from(one_in)..=1.0).contains(&plan.looked_at(rate)));
        }

        #[test]
        fn what_is_worse_passes_less_often(sample in 1u32..60, accept in 0u32..5, low in 0.0f64..0.9, more in 0.0f64..0.1) {
            let plan = LotPlan { sample, accept };
            prop_assert!(plan.passes(low + more) <= plan.passes(low) + 1e-9);
        }
    }

    #[test]
    fn nobody_notices_what_is_never_drawn() {
        let plan = FlowPlan { clean: 15, one_in: 5 };
        assert!((plan.unnoticed(5) - 0.8f64.powi(5)).abs() < 1e-12);
        assert_eq!(one_in(plan.unnoticed(5)), Some(3), "one time in three nobody notices any of five");
    }

    #[test]
    fn a_probability_is_one_in_so_many() {
        assert_eq!([0.05, 0.5, 0.33, 1.0, 0.0].map(one_in), [Some(20), Some(2), Some(3), Some(1), None]);
    }
}
