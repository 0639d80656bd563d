//! The orders that rows may stand in, each served by an index, and where a page of them ends.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// What an order goes by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SortBy {
    /// A text, by its bytes.
    Text,
    /// A whole number.
    Number,
    /// A day.
    Day,
    /// An instant.
    Moment,
}

/// An order that rows may stand in; those that are alike in it stand by their ids.
#[derive(Debug, Clone, Copy)]
pub struct Sort {
    /// Its name, which is stored.
    pub name: &'static str,
    /// What it goes by: an expression that is never NULL and that an index has. SQL of the program's own.
    pub column: &'static str,
    /// What that is.
    pub by: SortBy,
    /// Whether the greatest stand first.
    pub descending: bool,
}

/// Where a row stands in an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum SortKey {
    /// By a text.
    Text(String),
    /// By a number.
    Number(i64),
    /// By a day.
    Day(NaiveDate),
    /// By an instant.
    Moment(DateTime<Utc>),
}

/// Where a page ends: the last row's place in the order, and its id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowKey(pub SortKey, pub i64);

impl SortKey {
    /// The place of a day that may be missing: after all others.
    pub fn day(day: Option<NaiveDate>) -> Self {
        Self::Day(day.unwrap_or(NEVER))
    }

    /// Whether it is a place in `sort`.
    pub const fn fits(&self, sort: &Sort) -> bool {
        matches!(
            (self, sort.by),
            (Self::Text(_), SortBy::Text)
                | (Self::Number(_), SortBy::Number)
                | (Self::Day(_), SortBy::Day)
                | (Self::Moment(_), SortBy::Moment)
        )
    }
}

/// What stands for a missing day in an order, as the expressions of the indexes say it.
const NEVER: NaiveDate = match NaiveDate::from_ymd_opt(9999, 12, 31) {
    Some(day) => day,
    None => NaiveDate::MAX,
};
