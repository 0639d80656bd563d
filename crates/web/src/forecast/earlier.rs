//! Open deals whose day has passed and lies before a forecast's days: they count in days that are over, and nobody would see
//! them here.

use sales::forecasts::{Position, Seen};
use serde::Serialize;

use super::pages::{DEALS, Facts, deal_link, name_of};
use crate::call::Call;
use crate::format;
use crate::phrases::said;

/// Those deals, with how many there are and for how much.
#[derive(Serialize)]
pub(super) struct Earlier {
    text: String,
    rows: Vec<Row>,
    /// How many are not named.
    more: i64,
}

#[derive(Serialize)]
struct Row {
    title: String,
    href: String,
    about: Vec<String>,
}

/// Those that should have been decided before the forecast's days and are still open.
pub(super) fn left_before(seen: &Seen) -> impl Iterator<Item = &Position> {
    let (span, today) = (seen.forecast.span, seen.forecast.as_of);
    seen.positions.iter().filter(move |one| one.is_left_before(span, today))
}

impl Earlier {
    /// Nothing where every open deal's day lies in these days, later, or ahead.
    pub(super) fn of(call: &Call, facts: &Facts) -> Option<Self> {
        let part = facts.seen.forecast.outlook.earlier;
        if part.count == 0 {
            return None;
        }
        let (count, amount) = (format::count(part.count), format::yen(call.language, part.amount));
        let rows: Vec<Row> =
            left_before(&facts.seen).take(DEALS).map(|one| Row::of(call, facts, one)).collect();
        Some(Self {
            text: said(call, "forecast-earlier", [("count", count.as_str()), ("amount", amount.as_str())]),
            more: part.count - i64::try_from(rows.len()).unwrap_or_default(),
            rows,
        })
    }
}

impl Row {
    fn of(call: &Call, facts: &Facts, position: &Position) -> Self {
        let (title, href) = deal_link(call, facts, position.deal);
        let day = position.expected_close_on.map(|day| format::short_date(call.language, day));
        let about = [
            day.unwrap_or_default(),
            format::yen(call.language, position.amount),
            name_of(call, facts, position.owner),
        ];
        Self { title, href, about: about.into() }
    }
}
