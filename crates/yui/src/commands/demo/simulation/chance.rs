//! Chance that can be drawn again: each draw has a name, and the same name gives the same draw, under whatever rule the
//! month is played. So both rules meet the same people on the same days.

use sha2::{Digest as _, Sha256};

/// What a scenario's chance is drawn from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Chance(pub(super) u64);

impl Chance {
    /// A number from 0 to 1, the latter not included.
    pub(super) fn draw(self, name: &str) -> f64 {
        let mut hasher = Sha256::new();
        hasher.update(self.0.to_be_bytes());
        hasher.update(name);
        let digest: [u8; 32] = hasher.finalize().into();
        let number = digest.iter().take(4).fold(0, |number: u32, byte| (number << 8) | u32::from(*byte));
        f64::from(number) / (f64::from(u32::MAX) + 1.0)
    }

    /// Whether something comes true that is so likely.
    pub(super) fn happens(self, likely: f64, name: &str) -> bool {
        self.draw(name) < likely
    }

    /// Minutes that something takes which takes `mean` minutes on average and has no memory; at most six times as long.
    #[expect(clippy::cast_possible_truncation, reason = "at most six times some days of minutes")]
    pub(super) fn waiting(self, mean: f64, name: &str) -> i64 {
        (mean * (-(1.0 - self.draw(name)).ln()).min(6.0)).round() as i64
    }

    /// A factor around 1, four fifths to six fifths.
    pub(super) fn about_one(self, name: &str) -> f64 {
        0.8 + 0.4 * self.draw(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_are_the_same_by_name_and_even_over_all_names() {
        let chance = Chance(7);
        assert!((chance.draw("a") - chance.draw("a")).abs() < f64::EPSILON);
        assert!((Chance(8).draw("a") - chance.draw("a")).abs() > f64::EPSILON);
        let draws: Vec<f64> = (0..4000).map(|number| chance.draw(&format!("name {number}"))).collect();
        let low = draws.iter().filter(|draw| **draw < 0.25).count();
        assert!((900..1100).contains(&low), "{low} of 4000 lie in the lowest quarter");
        let waits: i64 = (0..4000).map(|number| chance.waiting(600.0, &format!("wait {number}"))).sum();
        assert!((560..640).contains(&(waits / 4000)), "{} minutes on average", waits / 4000);
    }
}
