//! A milestone that is bound to a metric, in words: `10社まで：受注6社＋見込み2.4社、あと1.6社`.

use kernel::Language;
use sales::roadmaps::{Milestone, MilestoneState, Reading};
use sales::targets::{Metric, Unit};

use crate::format;
use crate::targets::words;
use crate::words::said;

/// Hundredths as one reads them: a tenth of a client is said, a tenth of a yen is not.
pub(crate) fn hundredths(language: Language, metric: Metric, amount: i64) -> String {
    match metric.unit() {
        Unit::Yen => words::value(language, metric, amount / 100),
        Unit::Count | Unit::Percent => {
            let tenths = (amount + 5) / 10;
            let key =
                if metric == Metric::NewClients { "target-unit-companies" } else { "target-unit-times" };
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

/// What a milestone comes to; empty where it is bound to nothing.
pub(crate) fn sentence(language: Language, milestone: &Milestone, reading: Option<&Reading>) -> String {
    let (Some(metric), Some(value), Some(reading)) = (milestone.metric, milestone.value, reading) else {
        return String::new();
    };
    let words = [
        ("metric", words::metric(language, metric)),
        ("value", words::value(language, metric, value)),
        ("reached", words::value(language, metric, reading.reached)),
        ("weighted", hundredths(language, metric, reading.weighted_hundredths)),
        ("short", hundredths(language, metric, reading.short_hundredths)),
    ];
    let key = match milestone.state {
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
