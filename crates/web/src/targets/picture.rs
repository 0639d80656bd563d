//! Targets as a picture: how far each is, and where it should be today. The table under it says the same in numbers.

use sales::targets::Progress;

use super::words;
use crate::analyses::picture::{Bars, Number};
use crate::call::Call;

/// How many targets the picture shows; the table has all of them.
const MOST: usize = 12;

/// A part of a target in ten-thousandths, as far as there is room for a bar: to twice the target.
fn part(of: i64, target: i64) -> i64 {
    let part = i128::from(of.max(0)) * 10_000 / i128::from(target.max(1));
    i64::try_from(part.min(20_000)).unwrap_or(20_000)
}

/// Of targets with what each is called, those whose pace is known; nothing where none is.
pub(super) fn picture<'a>(
    call: &Call,
    finding: &str,
    named: impl Iterator<Item = (String, &'a Progress)>,
) -> Option<Bars> {
    let number = |(name, one): (String, &Progress)| {
        let (pace, actual) = (one.pace?, one.actual?);
        let value = |number: i64| words::value(call.language, one.target.metric, number);
        let (actual_text, target) = (value(actual), value(one.target.value));
        let text = crate::phrases::said(call, "target-bar", [("actual", &actual_text), ("target", &target)]);
        Some(Number {
            name,
            text,
            size: part(actual, one.target.value),
            mark: Some(part(pace.expected, one.target.value)),
            tone: if pace.ahead < 0 { "a" } else { "b" },
        })
    };
    let numbers: Vec<Number> = named.filter_map(number).take(MOST).collect();
    let most = numbers.iter().map(|one| one.size).max()?.max(10_000);
    Some(Bars::to(finding.to_owned(), most, &numbers))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twice_a_target_is_the_end_of_a_bar() {
        assert_eq!(part(50, 200), 2_500);
        assert_eq!((part(-1, 10), part(25, 10), part(30, 10), part(1, 0)), (0, 20_000, 20_000, 10_000));
        assert_eq!(part(i64::MAX, 1), 20_000);
    }
}
