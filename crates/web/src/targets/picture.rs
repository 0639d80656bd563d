//! Targets as a picture: how far each is, and where it should be today. The table under it says the same in numbers.

use sales::targets::{Progress, Unit};

use super::words;
use crate::analyses::picture::{Bars, Number};
use crate::call::Call;
use crate::phrases::said;

/// How many targets the picture shows; the table has all of them.
const MOST: usize = 12;

/// A whole target in ten-thousandths: where each bar's ground ends.
const WHOLE: i64 = 10_000;

/// A part of a target in ten-thousandths; what is reached beyond it counts as well.
fn part(of: i64, target: i64) -> i64 {
    let part = i128::from(of.max(0)) * i128::from(WHOLE) / i128::from(target.max(1));
    i64::try_from(part).unwrap_or(i64::MAX)
}

/// How much of a target is reached, in whole percent. Nothing of what cannot be said, and of what is a percentage itself.
pub(super) fn reached(call: &Call, one: &Progress) -> String {
    match one.actual {
        Some(actual) if one.target.metric.unit() != Unit::Percent => {
            let percent = (part(actual, one.target.value) / 100).to_string();
            said(call, "target-percent", [("percent", percent.as_str())])
        }
        _ => String::new(),
    }
}

/// Of targets with what each is called, those whose pace is known; nothing where none is. The ground of every bar is its whole
/// target, so that one can be held against the other.
pub(super) fn picture<'a>(
    call: &Call,
    finding: &str,
    named: impl Iterator<Item = (String, &'a Progress)>,
) -> Option<Bars> {
    let number = |(name, one): (String, &Progress)| {
        let (pace, actual) = (one.pace?, one.actual?);
        let value = |number: i64| words::value(call.language, one.target.metric, number);
        let (actual_text, target, percent) = (value(actual), value(one.target.value), reached(call, one));
        let words =
            [("actual", actual_text.as_str()), ("target", target.as_str()), ("percent", percent.as_str())];
        Some(Number {
            name,
            text: said(call, "target-bar", words),
            size: part(actual, one.target.value),
            mark: Some(part(pace.expected, one.target.value)),
            tone: if pace.ahead < 0 { "a" } else { "b" },
        })
    };
    let numbers: Vec<Number> = named.filter_map(number).take(MOST).collect();
    let beyond: Vec<String> = numbers
        .iter()
        .filter(|one| one.size > WHOLE)
        .map(|one| format!("{} {}", one.name, one.text))
        .collect();
    let alt = if beyond.is_empty() {
        finding.to_owned()
    } else {
        said(call, "targets-beyond", [("finding", finding), ("targets", beyond.join(" / ").as_str())])
    };
    (!numbers.is_empty()).then(|| Bars::to(alt, WHOLE, &numbers))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_of_its_own_target_alone_and_may_be_more_than_the_whole() {
        assert_eq!((part(50, 200), part(54, 100), part(11, 10)), (2_500, 5_400, 11_000));
        assert_eq!((part(-1, 10), part(1, 0)), (0, 10_000));
        assert_eq!(part(i64::MAX, 1), i64::MAX);
    }
}
