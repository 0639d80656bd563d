//! A day that an address names.

use std::borrow::Cow;
use std::ops::RangeInclusive;
use std::str::FromStr;

use chrono::{Datelike as _, NaiveDate};
use schemars::{JsonSchema, Schema, SchemaGenerator};

/// The years that forms take too. chrono reads years that the database's calendar does not have, and that nothing can be
/// added to.
const YEARS: RangeInclusive<i32> = 1900..=2999;

/// A day such as `2026-11-28`; other years than [`YEARS`] are as little a day as the 31st of February.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct AskedDay(pub(crate) NaiveDate);

/// It is no day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NoDay;

impl FromStr for AskedDay {
    type Err = NoDay;

    fn from_str(text: &str) -> Result<Self, NoDay> {
        let day: NaiveDate = text.parse().map_err(|_not_written_so| NoDay)?;
        if YEARS.contains(&day.year()) { Ok(Self(day)) } else { Err(NoDay) }
    }
}

impl JsonSchema for AskedDay {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        NaiveDate::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        NaiveDate::json_schema(generator)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_of_a_year_that_forms_take_too() {
        let day = |text: &str| text.parse::<AskedDay>().map(|asked| asked.0.to_string());
        for text in ["1900-01-01", "2026-11-28", "2999-12-31"] {
            assert_eq!(day(text), Ok(text.to_owned()));
        }
        for text in
            ["", "-5000-01-01", "0000-01-01", "1899-12-31", "3000-01-01", "+262142-12-31", "2026-02-31"]
        {
            assert_eq!(day(text), Err(NoDay), "{text}");
        }
    }
}
