//! Targets in words: what is counted, of whom, when, and how much.

use std::collections::BTreeMap;

use accounts::Person;
use kernel::{Language, Period, PersonId, Yen};
use sales::targets::{Metric, Over, Scope, Target, Unit};

use crate::call::Call;
use crate::format;
use crate::phrases::{said, word};

/// What a metric is called.
pub(crate) fn metric(call: &Call, metric: Metric) -> String {
    word(call, "target-metric", metric)
}

/// A value in the metric's unit: `1,234円`, `12件`, `60%`; with its sign where it is a difference.
pub(crate) fn value(call: &Call, metric: Metric, value: i64) -> String {
    match metric.unit() {
        Unit::Yen => format::yen(call.language, Yen(value)),
        Unit::Percent => format!("{value}%"),
        Unit::Count => {
            let unit = match metric {
                Metric::ActiveWorkers => "people",
                Metric::NewClients => "companies",
                _ => "times",
            };
            said(call, &format!("target-unit-{unit}"), [("count", &format::count(value))])
        }
    }
}

/// A difference with its sign: `+12件`, `−1,234円`.
pub(crate) fn signed(call: &Call, metric: Metric, difference: i64) -> String {
    with_sign(value(call, metric, difference.abs()), difference)
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
pub(crate) fn scope(call: &Call, people: &BTreeMap<PersonId, Person>, target: &Target) -> String {
    match target.scope {
        Scope::Town | Scope::Team => word(call, "target-scope", target.scope),
        Scope::Person => target
            .person_id
            .and_then(|id| people.get(&id))
            .map(|person| person.name_in(call.language))
            .unwrap_or_default(),
        Scope::ClientClass => {
            said(call, "target-scope-class", [("tag", target.tag_name.as_deref().unwrap_or_default())])
        }
    }
}

/// A part of a year: `第3四半期（10〜12月）`, `11月`.
pub(crate) fn period(call: &Call, starts_on: chrono::NaiveDate, period: Period) -> String {
    let span = period.span(starts_on);
    let key = match period.months().1 {
        12 => "target-period-year".to_owned(),
        1 => "target-period-month".to_owned(),
        _ => format!("target-period-{period}"),
    };
    let month =
        |day: chrono::NaiveDate| call.text(&format!("target-month-{}", chrono::Datelike::month(&day)));
    said(call, &key, [("from", month(span.first).as_str()), ("to", month(span.last).as_str())])
}

/// Into what parts a target falls.
pub(crate) fn over(call: &Call, over: Over) -> String {
    word(call, "target-over", over)
}
