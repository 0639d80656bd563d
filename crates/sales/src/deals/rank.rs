//! Where a card stands in its column: a key that always has room on either side, so that a move writes one row.
//!
//! A rank is a number below 62²¹, written to the base of 62 with the digits in ASCII order and without its last zeros:
//! text compares as the numbers do. Eight digits count whole places; a card on top goes one whole place up, for which
//! there is room 10¹⁴ times. Thirteen more digits lie between two whole places: sixty cards at one and the same spot.
//! Where even those are used up, [`Rank::spread`] makes room among a few neighbours.

use std::fmt;
use std::str::FromStr;

const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const BASE: u128 = 62;
/// A rank's most digits; the table's CHECK says so too.
const LONGEST: u32 = 21;
/// One whole place.
const WHOLE: u128 = BASE.pow(13);
/// The first number that is no rank any more.
const END: u128 = BASE.pow(LONGEST);
/// Where the first card of a column stands, with as much room above as below.
const MIDDLE: u128 = 31 * BASE.pow(20);

/// A place in a column; smaller ones are further up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Rank(u128);

impl Rank {
    /// The `number`th whole place from the middle down: for cards that come in one go.
    pub(crate) fn numbered(number: u32) -> Self {
        Self(MIDDLE + u128::from(number) * WHOLE)
    }

    /// A place under `above` and over `below`; `None` where there is no room left between the two.
    pub(super) fn between(above: Option<Self>, below: Option<Self>) -> Option<Self> {
        match (above, below) {
            (None, None) => Some(Self(MIDDLE)),
            (None, Some(below)) if below.0 / WHOLE > 1 => Some(Self((below.0 / WHOLE - 1) * WHOLE)),
            (Some(above), None) if above.0 / WHOLE + 1 < END / WHOLE => {
                Some(Self((above.0 / WHOLE + 1) * WHOLE))
            }
            (above, below) => halved(above.map_or(0, |rank| rank.0), below.map_or(END, |rank| rank.0)),
        }
    }

    /// `count` places in their order, evenly spread under `above` and over `below`; `None` where there is no room for
    /// so many.
    pub(super) fn spread(above: Option<Self>, below: Option<Self>, count: u32) -> Option<Vec<Self>> {
        let needed = u128::from(count) + 1;
        let (low, high) = match (above, below) {
            (None, None) => (MIDDLE, MIDDLE + needed * WHOLE),
            (None, Some(below)) => (below.0.saturating_sub(needed * WHOLE), below.0),
            (Some(above), None) => (above.0, (above.0 + needed * WHOLE).min(END)),
            (Some(above), Some(below)) => (above.0, below.0),
        };
        let step = high.checked_sub(low)? / needed;
        let places = (1..needed).map(|number| Self(low + number * step));
        (step > 0).then(|| places.collect())
    }
}

/// The number between two that is shortest to write.
fn halved(low: u128, high: u128) -> Option<Rank> {
    let middle = low + high.checked_sub(low)? / 2;
    let mut step = END / BASE;
    while step > 1 {
        let rounded = middle - middle % step;
        if rounded > low {
            return Some(Rank(rounded));
        }
        step /= BASE;
    }
    (middle > low).then_some(Rank(middle))
}

impl fmt::Display for Rank {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0;
        let mut step = END / BASE;
        while rest > 0 && step > 0 {
            let digit = usize::try_from(rest / step).unwrap_or_default();
            let digit = DIGITS.get(digit).copied().unwrap_or(b'0');
            fmt::Write::write_char(f, char::from(digit))?;
            rest %= step;
            step /= BASE;
        }
        Ok(())
    }
}

/// No rank was ever written so.
#[derive(Debug, thiserror::Error)]
#[error("not a rank: {0}")]
pub(crate) struct NotARank(String);

impl FromStr for Rank {
    type Err = NotARank;

    fn from_str(text: &str) -> Result<Self, NotARank> {
        let wrong = || NotARank(text.to_owned());
        let length = u32::try_from(text.len()).ok().filter(|length| (1..=LONGEST).contains(length));
        let missing = LONGEST - length.ok_or_else(wrong)?;
        let number = text.bytes().try_fold(0, |number, byte| {
            let digit = DIGITS.binary_search(&byte).ok()?;
            Some(number * BASE + u128::try_from(digit).ok()?)
        });
        Ok(Self(number.ok_or_else(wrong)? * BASE.pow(missing)))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn text_stands_in_the_order_of_the_numbers_and_says_which_one_it_was() {
        let numbers = [1, WHOLE - 1, WHOLE, WHOLE + 1, MIDDLE - 1, MIDDLE, MIDDLE + WHOLE, END - 1];
        let texts: Vec<String> = numbers.iter().map(|number| Rank(*number).to_string()).collect();
        assert!(texts.is_sorted(), "{texts:?}");
        for (number, text) in numbers.iter().zip(&texts) {
            assert_eq!(text.parse::<Rank>().unwrap(), Rank(*number));
            assert!(!text.ends_with('0') && text.len() <= 21, "{text}");
        }
        assert_eq!(Rank(MIDDLE).to_string(), "V");
        assert!("".parse::<Rank>().is_err() && "V_".parse::<Rank>().is_err());
        assert!("V0000000000000000000000".parse::<Rank>().is_err(), "longer than any");
    }

    #[test]
    fn a_hundred_thousand_cards_on_top_of_each_other_stay_short() {
        let mut top = Rank::between(None, None).unwrap();
        for _ in 0..100_000 {
            let above = Rank::between(None, Some(top)).unwrap();
            assert!(above < top);
            top = above;
        }
        assert!(top.to_string().len() <= 8, "{top}");
    }

    #[test]
    fn sixty_cards_fit_one_after_another_into_the_same_gap() {
        let (above, mut below) = (Rank::numbered(0), Rank::numbered(1));
        let mut fitted = 0;
        while let Some(between) = Rank::between(Some(above), Some(below)) {
            assert!(above < between && between < below);
            below = between;
            fitted += 1;
        }
        assert!(fitted >= 60, "{fitted}");
        assert_eq!(Rank::spread(Some(above), Some(below), 1), None);
    }

    proptest! {
        #[test]
        fn between_two_ranks_there_is_one_or_no_room_at_all(low in 0..END, high in 0..END) {
            match Rank::between(Some(Rank(low)), Some(Rank(high))) {
                Some(between) => prop_assert!(Rank(low) < between && between < Rank(high)),
                None => prop_assert!(high <= low + 1, "{low} {high}"),
            }
        }

        #[test]
        fn a_spread_is_in_order_and_inside(low in 1..END, high in 1..END, count in 1..200u32) {
            let bounds = [(None, None), (Some(low), None), (None, Some(high)), (Some(low), Some(high))];
            for (above, below) in bounds {
                let Some(places) = Rank::spread(above.map(Rank), below.map(Rank), count) else { continue };
                prop_assert_eq!(places.len(), usize::try_from(count).unwrap());
                let mut all = above.map(Rank).into_iter().chain(places).chain(below.map(Rank));
                let first = all.next().unwrap();
                prop_assert!(all.try_fold(first, |before, next| (before < next).then_some(next)).is_some());
            }
        }
    }
}
