//! A milestone that is bound to a metric, in words: `10社まで：受注6社＋見込み2.4社、あと1.6社`.

use chrono::{Datelike as _, NaiveDate};
use kernel::Language;
use sales::roadmaps::{Milestone, MilestoneState, Reading};
use sales::targets::{Metric, Unit};

use crate::format;
use crate::targets::words;
use crate::words::{said, word};

/// Hundredths as one reads them: a tenth of a client is said, a tenth of a yen is not.
pub(crate) fn hundredths(language: Language, metric: Metric, amount: i64) -> String {
    match metric.unit() {
        Unit::Yen | Unit::Percent => words::value(language, metric, amount / 100),
        Unit::Count => {
            let tenths = (amount + 5) / 10;
            let key = match metric {
                Metric::NewClients => "target-unit-companies",
                Metric::ActiveWorkers => "target-unit-people",
                _ => "target-unit-times",
            };
            let number = if tenths % 10 == 0 {
                (tenths / 10).to_string()
            } else {
                format!("{}.{}", tenths / 10, tenths % 10)
            };
            said(language, key, [("count", number.as_str())])
        }
    }
}

/// What is missing, for a label: `（あと1.6社）`; empty where nothing is.
pub(crate) fn missing(language: Language, metric: Option<Metric>, reading: Option<&Reading>) -> String {
    match (metric, reading) {
        (Some(metric), Some(reading)) if reading.short_hundredths > 0 => {
            let short = hundredths(language, metric, reading.short_hundredths);
            said(language, "milestone-label-short", [("short", short.as_str())])
        }
        _ => String::new(),
    }
}

/// What is counted, and since when: orders and calls are those of the year, however late the milestone was entered. People
/// are those of today.
fn counted(language: Language, metric: Metric, from_on: Option<NaiveDate>) -> String {
    let name = words::metric(language, metric);
    match from_on.filter(|_| metric != Metric::ActiveWorkers) {
        Some(day) => {
            let month = word(language, "target-month", day.month());
            said(language, "milestone-counted", [("metric", name.as_str()), ("month", month.as_str())])
        }
        None => name,
    }
}

/// What a milestone comes to; empty where it is bound to nothing, or to what nothing can be said of yet.
pub(crate) fn sentence(language: Language, milestone: &Milestone, reading: Option<&Reading>) -> String {
    let (Some(metric), Some(value), Some(reading)) = (milestone.metric, milestone.value, reading) else {
        return String::new();
    };
    let words = [
        ("metric", counted(language, metric, reading.from_on)),
        ("value", words::value(language, metric, value)),
        ("reached", words::value(language, metric, reading.reached)),
        ("weighted", hundredths(language, metric, reading.weighted_hundredths)),
        ("short", hundredths(language, metric, reading.short_hundredths)),
    ];
    let key = match milestone.state {
        MilestoneState::Planned if reading.reached >= value => "milestone-reads-reached",
        MilestoneState::Planned if !metric.is_of_sales() => "milestone-reads-unpromised",
        MilestoneState::Planned if reading.short_hundredths > 0 => "milestone-reads-short",
        MilestoneState::Planned => "milestone-reads",
        MilestoneState::Done | MilestoneState::Dropped => "milestone-reads-done",
    };
    let reads = said(language, key, words.each_ref().map(|(name, text)| (*name, text.as_str())));
    // What was agreed is said where it is not what the milestone wants.
    match reading.target.filter(|target| target.value != value) {
        Some(target) => {
            let until = format::short_date(language, target.until);
            let asked = words::value(language, metric, target.value);
            let words = [("reads", reads.as_str()), ("until", until.as_str()), ("target", asked.as_str())];
            said(language, "milestone-reads-target", words)
        }
        None => reads,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_counted_says_since_when_and_people_are_those_of_today() {
        let from_on = Some("2026-04-01".parse().unwrap());
        assert_eq!(counted(Language::Ja, Metric::OrdersYen, from_on), "受注額（4月から）");
        assert_eq!(
            counted(Language::En, Metric::OrdersYen, None),
            words::metric(Language::En, Metric::OrdersYen)
        );
        assert!(!counted(Language::Ja, Metric::ActiveWorkers, from_on).contains("4月"));
        assert_eq!(hundredths(Language::Ja, Metric::ActiveWorkers, 1_200), "12人");
        assert_eq!(hundredths(Language::Ja, Metric::OwnShare, 600), "6%");
    }
}
