//! How far runs are believed: what they said is held against what came of it, and the next day is promised accordingly. No
//! database here.
//!
//! Runs leave out what nobody wrote down, such as how much of a task somebody says is done when more is given to them, so
//! that a day which holds in 85 of 100 runs is kept more or less often than that. Each promise that is kept moves what is
//! asked of the runs a little down, each that is missed moves it far up, and both come to rest where 85 of 100 are kept,
//! whatever it was that the model had wrong (adaptive conformal inference; Gibbs and Candès 2021, equation 2).

/// All of something, in ten-thousandths.
const ALL: u64 = 10_000;
/// How often the promised day is meant to be kept.
const WANTED: u64 = 8_500;
/// How far one promise moves it, in hundredths of how far it was off: the paper's step size is 0.005, tried from 0.0005 to
/// 0.13; towns finish some orders a week.
const STEP_PERCENT: u64 = 1;
/// What is believed at least and at most, whatever has come about: beyond, the runs themselves are wrong.
const BOUNDS: (u64, u64) = (5_500, 9_700);

/// In how many of ten thousand runs a day has to hold, to be kept 85 times of a hundred.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trust(u64);

impl Default for Trust {
    /// Runs are believed as they are.
    fn default() -> Self {
        Self(WANTED)
    }
}

impl Trust {
    /// What is learned from promises, oldest first: whether each was kept.
    pub fn learned(kept: impl IntoIterator<Item = bool>) -> Self {
        let moved = |level: u64, kept: bool| {
            let level = if kept {
                level - (ALL - WANTED) * STEP_PERCENT / 100
            } else {
                level + WANTED * STEP_PERCENT / 100
            };
            level.clamp(BOUNDS.0, BOUNDS.1)
        };
        Self(kept.into_iter().fold(WANTED, moved))
    }

    /// In how many of ten thousand runs a day has to hold, to be kept `percent` times of a hundred.
    pub(super) fn runs(self, percent: u32) -> u64 {
        let wanted = (u64::from(percent) * 100).min(ALL);
        if wanted <= WANTED {
            wanted * self.0 / WANTED
        } else {
            self.0 + (wanted - WANTED) * (ALL - self.0) / (ALL - WANTED)
        }
    }

    /// How many times of ten thousand a day is kept that held in `held` of ten thousand runs.
    pub(super) fn kept(self, held: u64) -> u64 {
        let held = held.min(ALL);
        if held <= self.0 {
            held * WANTED / self.0
        } else {
            WANTED + (held - self.0) * (ALL - WANTED) / (ALL - self.0)
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn runs_are_believed_as_they_are_until_something_is_known() {
        let trust = Trust::learned([]);
        assert_eq!((trust.runs(50), trust.runs(85), trust.runs(95)), (5_000, 8_500, 9_500));
        assert_eq!((trust.kept(0), trust.kept(4_321), trust.kept(10_000)), (0, 4_321, 10_000));
    }

    #[test]
    fn a_missed_promise_weighs_as_much_as_those_kept_that_make_up_for_it() {
        let (kept, missed) = (Trust::learned([true]), Trust::learned([false]));
        assert_eq!((kept.runs(85), missed.runs(85)), (8_485, 8_585));
        let as_wanted = (0..100).map(|number| number % 20 >= 3);
        assert_eq!(Trust::learned(as_wanted), Trust::default());
        assert_eq!(Trust::learned([true; 1_000]).runs(85), 5_500);
        assert_eq!(Trust::learned([false; 1_000]).runs(85), 9_700);
    }

    /// Runs whose 85 of 100 are kept more or less often than that: after some hundreds of promises, 85 of 100 are.
    #[test]
    fn whatever_runs_have_wrong_comes_right() {
        // How often what held in so many of ten thousand runs is kept in truth.
        let too_careful = |runs: u64| runs + (ALL - runs) / 2;
        let too_bold = |runs: u64| runs * 9 / 10;
        for truth in [&too_careful as &dyn Fn(u64) -> u64, &too_bold] {
            let mut chance = crate::forecast::chance::Chance::new(5);
            let mut outcomes = Vec::new();
            for _ in 0..2_000 {
                let likely = u32::try_from(truth(Trust::learned(outcomes.iter().copied()).runs(85))).unwrap();
                outcomes.push(chance.happens(f64::from(likely) / 10_000.0));
            }
            let kept = outcomes.iter().skip(500).filter(|kept| **kept).count();
            assert!((1_230..1_320).contains(&kept), "{kept} of 1,500");
        }
    }

    /// What one run of ten thousand stands for at most: both ways leave out fractions, so that much is lost there and back.
    const COARSEST: u64 = (ALL - WANTED) / (ALL - BOUNDS.1);

    #[test]
    fn there_and_back_loses_one_run_where_each_stands_for_most() {
        let most_missed = (0..22).map(|number| (15..21).contains(&number));
        let trust = Trust::learned(most_missed);
        assert_eq!(trust.runs(85), 9_695);
        assert_eq!((trust.runs(93), trust.kept(trust.runs(93))), (9_857, 9_296));
        assert_eq!(COARSEST, 5);
    }

    proptest! {
        #[test]
        fn days_stay_in_their_order_and_both_ways_agree(
            outcomes in proptest::collection::vec(any::<bool>(), 0..300), percent in 0..=100u32, held in 0..=10_000u64,
        ) {
            let trust = Trust::learned(outcomes);
            prop_assert!(trust.runs(50) < trust.runs(85) && trust.runs(85) < trust.runs(95));
            let (asked, back) = (u64::from(percent) * 100, trust.kept(trust.runs(percent)));
            prop_assert!(back <= asked && asked - back <= COARSEST, "{} of {}", back, asked);
            // Exactly where it decides whether somebody is told of a risk.
            prop_assert_eq!(trust.kept(held) >= WANTED, held >= trust.runs(85));
        }
    }
}
