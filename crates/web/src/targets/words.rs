//! Targets in words: what is counted, of whom, when, and how much.

use accounts::Person;
use kernel::{Language, Period, Yen};
use sales::targets::{Metric, Over, Scope, Target, Unit};

use crate::format;
use crate::words::{said, word};

/// What a metric is called.
pub(crate) fn metric(language: Language, metric: Metric) -> String {
    word(language, "target-metric", metric)
}

/// A value in the metric's unit: `1,234円`, `12件`, `60%`; with its sign where it is a difference.
pub(crate) fn value(language: Language, metric: Metric, value: i64) -> String {
    match metric.unit() {
        Unit::Yen => format::yen(language, Yen(value)),
        Unit::Percent => format!("{value}%"),
        Unit::Count => {
            let unit = match metric {
                Metric::ActiveWorkers => "people",
                Metric::NewClients => "companies",
                _ => "times",
            };
            said(language, &format!("target-unit-{unit}"), [("count", &format::count(value))])
        }
    }
}

/// A difference with its sign: `+12件`, `−1,234円`.
pub(crate) fn signed(language: Language, metric: Metric, difference: i64) -> String {
    with_sign(value(language, metric, difference.abs()), difference)
}

/// Yen with their sign.
pub(crate) fn signed_yen(language: Language, amount: Yen) -> String {
    with_sign(format::yen(language, Yen(amount.0.abs())), amount.0)
}

fn with_sign(size: String, of: i64) -> String {
    match of {
        0 => size,
        1.. => format!("+{size}"),
        _ => format!("−{size}"),
    }
}

/// Of whom a target is.
pub(crate) fn scope(language: Language, target: &Target, person: Option<&Person>) -> String {
    match target.scope {
        Scope::Town | Scope::Team => word(language, "target-scope", target.scope),
        Scope::Person => person.map(|person| person.name_in(language)).unwrap_or_default(),
        Scope::ClientClass => {
            said(language, "target-scope-class", [("tag", target.tag_name.as_deref().unwrap_or_default())])
        }
    }
}

/// A part of a year: `第3四半期（10〜12月）`, `11月`.
pub(crate) fn period(language: Language, starts_on: chrono::NaiveDate, period: Period) -> String {
    let span = period.span(starts_on);
    let key = match period.months().1 {
        12 => "target-period-year".to_owned(),
        1 => "target-period-month".to_owned(),
        _ => format!("target-period-{period}"),
    };
    let month = |day: chrono::NaiveDate| word(language, "target-month", chrono::Datelike::month(&day));
    said(language, &key, [("from", month(span.first).as_str()), ("to", month(span.last).as_str())])
}

/// The same without the months that it goes from and to: `第3四半期`, `11月`.
pub(crate) fn short_period(language: Language, starts_on: chrono::NaiveDate, period: Period) -> String {
    match period.months().1 {
        1 => self::period(language, starts_on, period),
        _ => word(language, "target-period-short", period),
    }
}

/// Into what parts a target falls.
pub(crate) fn over(language: Language, over: Over) -> String {
    word(language, "target-over", over)
}
