//! Chance that can be drawn again: one seed, one series. No database here.
//!
//! The generator is xoshiro256++ (Blackman and Vigna 2019), its state filled by `SplitMix64`, as its authors advise. It is
//! twenty lines whose series never changes, so that a promise of last year can be reckoned again from its seed; nobody has
//! to be kept from guessing it.

/// A series of draws.
#[derive(Debug, Clone)]
pub(super) struct Chance {
    state: [u64; 4],
    /// The second of a pair of normal draws, kept for the next.
    spare: Option<f64>,
}

impl Chance {
    pub(super) fn new(seed: u64) -> Self {
        let mut at = seed;
        let mut next = || {
            at = at.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut mixed = at;
            mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            mixed ^ (mixed >> 31)
        };
        Self { state: [next(), next(), next(), next()], spare: None }
    }

    fn next(&mut self) -> u64 {
        let [a, b, c, d] = self.state;
        let drawn = a.wrapping_add(d).rotate_left(23).wrapping_add(a);
        let (c, d) = (c ^ a, d ^ b);
        self.state = [a ^ d, b ^ c, c ^ (b << 17), d.rotate_left(45)];
        drawn
    }

    /// A number between 0 and 1, neither of them included.
    pub(super) fn share(&mut self) -> f64 {
        let high = u32::try_from(self.next() >> 32).unwrap_or(u32::MAX);
        (f64::from(high) + 0.5) / 4_294_967_296.0
    }

    /// Whether something comes true that is so likely.
    pub(super) fn happens(&mut self, likely: f64) -> bool {
        self.share() < likely
    }

    /// One of so many, from 0; 0 of none.
    pub(super) fn one_of(&mut self, count: usize) -> usize {
        let wide = u128::from(self.next()) * u128::try_from(count).unwrap_or_default();
        usize::try_from(wide >> 64).unwrap_or_default()
    }

    /// A draw of the standard normal distribution (Marsaglia's polar method).
    pub(super) fn normal(&mut self) -> f64 {
        if let Some(spare) = self.spare.take() {
            return spare;
        }
        loop {
            let (x, y) = (2.0 * self.share() - 1.0, 2.0 * self.share() - 1.0);
            let square = x * x + y * y;
            if square < 1.0 && square > 0.0 {
                let stretch = (-2.0 * square.ln() / square).sqrt();
                self.spare = Some(y * stretch);
                return x * stretch;
            }
        }
    }

    /// The same of those draws that are more than `least` (Robert 1995).
    pub(super) fn normal_above(&mut self, least: f64) -> f64 {
        if least <= 0.0 {
            loop {
                let drawn = self.normal();
                if drawn > least {
                    return drawn;
                }
            }
        }
        let steep = f64::midpoint(least, (least * least + 4.0).sqrt());
        loop {
            let drawn = least - self.share().ln() / steep;
            if self.happens((-(drawn - steep).powi(2) / 2.0).exp()) {
                return drawn;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reckoned by a second implementation, in Python, of the authors' description.
    #[test]
    fn the_series_of_a_seed_never_changes() {
        let mut chance = Chance::new(42);
        let drawn: Vec<u64> = (0..4).map(|_| chance.next()).collect();
        let known = [
            15_021_278_609_987_233_951,
            5_881_210_131_331_364_753,
            18_149_643_915_985_481_100,
            12_933_668_939_759_105_464,
        ];
        assert_eq!(drawn, known);
    }

    #[test]
    fn draws_lie_as_they_should() {
        let mut chance = Chance::new(7);
        let normal: Vec<f64> = (0..40_000).map(|_| chance.normal()).collect();
        let mean = normal.iter().sum::<f64>() / 40_000.0;
        let square = normal.iter().map(|draw| draw * draw).sum::<f64>() / 40_000.0;
        assert!(mean.abs() < 0.02 && (square - 1.0).abs() < 0.03, "{mean} {square}");
        let below = normal.iter().filter(|draw| **draw < 1.0364).count();
        assert!((33_700..34_300).contains(&below), "{below} of 40,000 lie below the 85th of a hundred");
        // Of the normal draws above 1, one in seven lies above 2, and half of all above 0 above 0.6745.
        let above = |chance: &mut Chance, least: f64, most: f64| {
            let drawn: Vec<f64> = (0..40_000).map(|_| chance.normal_above(least)).collect();
            assert!(drawn.iter().all(|draw| *draw > least));
            drawn.iter().filter(|draw| **draw > most).count()
        };
        let tails = (above(&mut chance, 1.0, 2.0), above(&mut chance, 0.0, 0.6745));
        assert!((5_400..6_100).contains(&tails.0) && (19_600..20_400).contains(&tails.1), "{tails:?}");
        let true_ones = (0..40_000).filter(|_| chance.happens(0.2)).count();
        assert!((7_700..8_300).contains(&true_ones), "{true_ones}");
        let mut each = [0; 7];
        (0..7_000).for_each(|_| each[chance.one_of(7)] += 1);
        assert!(each.iter().all(|count| (850..1150).contains(count)), "{each:?}");
        assert_eq!(chance.one_of(0), 0);
    }
}
