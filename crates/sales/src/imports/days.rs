//! In which order a column of a file writes its days, where the year stands last. One value cannot say that: `11/12/2026` is
//! two days. The column as a whole can, where a part of any of its values is above 12.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use db::{DbError, Tx};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Integer, Nullable, Text};
use kernel::text::fold_width;

use super::model::Import;

/// The columns that hold days.
const DAYS: [&str; 4] = ["asked_on", "expected_close_on", "next_action_on", "closed_on"];

/// A day with its year last, whatever stands behind it.
const YEAR_LAST: &str = "^\\s*'?([0-9]{1,2})[/.-]([0-9]{1,2})[/.-][0-9]{4}(?![0-9])";

kernel::text_enum!(
    /// What stands first in a column's days, where the year stands last.
    #[schemars(rename = "ImportDayOrder")]
    DayOrder {
        /// The month: `11/28/2026`.
        MonthFirst = "month_first",
        /// The day: `28/11/2026`.
        DayFirst = "day_first",
    }
);

impl DayOrder {
    /// A value whose day is written so with its year first; nothing where it holds no such day.
    fn year_first(self, written: &str) -> Option<String> {
        let folded = fold_width(written);
        let text = folded.trim();
        let is_end = |sign: char| sign.is_whitespace() || matches!(sign, ',' | 'T' | 't');
        let (date, time) = text.split_at(text.find(is_end).unwrap_or(text.len()));
        let mut parts = date.split(['/', '.', '-']).map(|part| part.parse::<u32>().ok());
        let (first, second, year) = (parts.next()??, parts.next()??, parts.next()??);
        if parts.next().is_some() || !(1000..=9999).contains(&year) {
            return None;
        }
        let (month, day) = match self {
            Self::MonthFirst => (first, second),
            Self::DayFirst => (second, first),
        };
        let date = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?;
        Some(format!("{date} {}", time.trim_start_matches(is_end)).trim_end().to_owned())
    }

    /// A value as it counts in a column of this order.
    pub(super) fn read(self, written: &str) -> String {
        self.year_first(written).unwrap_or_else(|| written.to_owned())
    }
}

/// The order of each column whose days can be read in one way alone, by its field. What begins with its year needs none, and
/// what could be either has none.
pub(super) fn orders(tx: &mut Tx<'_>, import: &Import) -> Result<BTreeMap<String, DayOrder>, DbError> {
    let mut orders = BTreeMap::new();
    for field in DAYS {
        if let Some(place) = import.place_of(field)
            && let Some(order) = order(tx, import, place)?
        {
            orders.insert(field.to_owned(), order);
        }
    }
    Ok(orders)
}

fn order(tx: &mut Tx<'_>, import: &Import, place: i32) -> Result<Option<DayOrder>, DbError> {
    #[derive(QueryableByName)]
    struct Above {
        #[diesel(sql_type = Nullable<Bool>)]
        first: Option<bool>,
        #[diesel(sql_type = Nullable<Bool>)]
        second: Option<bool>,
    }

    let above: Above = diesel::sql_query(
        "SELECT bool_or(part[1]::int > 12) AS first, bool_or(part[2]::int > 12) AS second \
         FROM (SELECT regexp_match(cells[$2], $3) AS part FROM import_rows WHERE import_id = $1) parts \
         WHERE part IS NOT NULL",
    )
    .bind::<BigInt, _>(import.id)
    .bind::<Integer, _>(place)
    .bind::<Text, _>(YEAR_LAST)
    .get_result(tx.conn())?;
    Ok(match (above.first, above.second) {
        (Some(false), Some(true)) => Some(DayOrder::MonthFirst),
        (Some(true), Some(false)) => Some(DayOrder::DayFirst),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_turned_round_and_keeps_its_time() {
        for (written, read) in [
            ("11/28/2026", "2026-11-28"),
            ("１１／２８／２０２６", "2026-11-28"),
            ("1/2/2026 9:05", "2026-01-02 9:05"),
            ("11-28-2026, 2:30 PM", "2026-11-28 2:30 PM"),
            ("11/28/2026T14:30:00", "2026-11-28 14:30:00"),
            // What is no such day stays, and is refused as it stands there.
            ("13/28/2026", "13/28/2026"),
            ("2026-11-28", "2026-11-28"),
            ("11/28/26", "11/28/26"),
            ("11/28/2026/1", "11/28/2026/1"),
            ("soon", "soon"),
        ] {
            assert_eq!(DayOrder::MonthFirst.read(written), read, "{written}");
        }
        assert_eq!(DayOrder::DayFirst.read("28.11.2026 14:30"), "2026-11-28 14:30");
    }
}
