//! A calendar year of somebody's earnings, month by month, beside the limit that they watch, if they watch one.
//!
//! What limit that is, and why, is theirs alone: it is a number they typed, nobody else reads it, and nothing follows from
//! it (`a_limit_is_its_owners_number_and_nothing_follows_from_it`).

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::{Checks, Code, Coded, FieldProblem, Invalid, PersonId, Typed, Yen};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::model::{DayOfPay, PayDays};
use crate::schema::earning_watches;

/// Why a limit was not kept.
#[derive(Debug, thiserror::Error)]
pub enum WatchError {
    /// Fields that cannot be accepted; nothing was written.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for WatchError {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(invalid) => invalid.code(),
            Self::Db(error) => error.code(),
        }
    }

    fn fields(&self) -> &[FieldProblem] {
        match self {
            Self::Invalid(invalid) => invalid.fields(),
            Self::Db(_) => &[],
        }
    }
}

/// What is paid in one month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MonthOfPay {
    /// The month, 1 to 12.
    pub month: u32,
    /// What is certain, before tax.
    pub earned: Yen,
    /// For how many units.
    pub units: i64,
    /// What was handed in, is not checked yet and would be paid in this month.
    pub unchecked: Yen,
}

/// What is paid to somebody within a calendar year, by the days on which it is paid. It is no statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct YearOfPay {
    /// The year.
    pub year: i32,
    /// Every month in which something is paid, in its order.
    pub months: Vec<MonthOfPay>,
    /// What is certain for the whole year, before tax.
    pub earned: Yen,
    /// Of that, what was paid by today, as the terms say.
    pub paid: Yen,
    /// What is not checked yet.
    pub unchecked: Yen,
    /// What they do not want to earn more than in a year, where they watch a limit.
    pub limit: Option<Yen>,
    /// How much is left until that; below zero where it is passed.
    pub left: Option<Yen>,
}

impl YearOfPay {
    /// Of pay days the year `year`, as it is on `today`.
    pub(super) fn of(days: &PayDays, year: i32, today: NaiveDate, limit: Option<Yen>) -> Self {
        let mut months: BTreeMap<u32, DayOfPay> = BTreeMap::new();
        let of_year = || days.0.iter().filter(|(on, _)| on.year() == year);
        for (on, day) in of_year() {
            let month = months.entry(on.month()).or_default();
            month.earned = Yen(month.earned.0 + day.earned.0);
            month.earned_units += day.earned_units;
            month.unchecked = Yen(month.unchecked.0 + day.unchecked.0);
        }
        let earned = Yen(of_year().map(|(_, day)| day.earned.0).sum());
        Self {
            year,
            months: months.into_iter().map(|(month, day)| MonthOfPay::of(month, &day)).collect(),
            earned,
            paid: Yen(of_year().filter(|(on, _)| **on <= today).map(|(_, day)| day.earned.0).sum()),
            unchecked: Yen(of_year().map(|(_, day)| day.unchecked.0).sum()),
            limit,
            left: limit.map(|limit| Yen(limit.0 - earned.0)),
        }
    }
}

impl MonthOfPay {
    fn of(month: u32, day: &DayOfPay) -> Self {
        Self { month, earned: day.earned, units: day.earned_units, unchecked: day.unchecked }
    }
}

/// The limit somebody watches, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "yearly_limit": 1000000 }]))]
pub struct WatchInput {
    /// Yen in a calendar year, up to 100 million; empty where nothing is to be shown.
    pub yearly_limit: Typed,
}

impl WatchInput {
    fn checked(&self) -> Result<Option<Yen>, Invalid> {
        let mut checks = Checks::new();
        let limit = checks.optional_number("yearly_limit", &self.yearly_limit, 1..=MOST_YEN);
        checks.done(limit.map(Yen))
    }
}

const MOST_YEN: i64 = 100_000_000;

/// The acting person's year: this one where none is named.
pub fn year(tx: &mut Tx<'_>, year: Option<i32>) -> Result<YearOfPay, DbError> {
    let person = crate::acting_person(tx)?;
    let today = crate::today(tx);
    let days = super::days_from(tx, None)?;
    Ok(YearOfPay::of(&days, year.unwrap_or(today.year()), today, limit_of(tx, person)?))
}

/// Keeps the limit that the acting person watches, or that they watch none.
pub fn watch(tx: &mut Tx<'_>, input: &WatchInput) -> Result<YearOfPay, WatchError> {
    let limit = input.checked()?;
    let person = crate::acting_person(tx)?;
    let now = tx.now();
    diesel::insert_into(earning_watches::table)
        .values((
            earning_watches::person_id.eq(person),
            earning_watches::yearly_limit.eq(limit),
            earning_watches::set_at.eq(now),
        ))
        .on_conflict((earning_watches::organization_id, earning_watches::person_id))
        .do_update()
        .set((earning_watches::yearly_limit.eq(limit), earning_watches::set_at.eq(now)))
        .execute(tx.conn())
        .map_err(DbError::from)?;
    Ok(year(tx, None)?)
}

fn limit_of(tx: &mut Tx<'_>, person: PersonId) -> Result<Option<Yen>, DbError> {
    let kept: Option<Option<Yen>> = earning_watches::table
        .filter(earning_watches::person_id.eq(person))
        .select(earning_watches::yearly_limit)
        .first(tx.conn())
        .optional()?;
    Ok(kept.flatten())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Town;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_year_is_the_sum_of_its_months_by_the_days_of_payment() {
        let mut days = PayDays::default();
        days.earn(day("2025-12-25"), Yen(999), 9);
        days.earn(day("2026-01-23"), Yen(400), 2);
        days.earn(day("2026-11-10"), Yen(600), 3);
        days.earn(day("2026-11-25"), Yen(1000), 5);
        days.expect(day("2026-12-25"), Yen(200), 1);
        let year = YearOfPay::of(&days, 2026, day("2026-11-24"), Some(Yen(1500)));
        let months: Vec<_> =
            year.months.iter().map(|month| (month.month, month.earned.0, month.units)).collect();
        assert_eq!(months, [(1, 400, 2), (11, 1600, 8), (12, 0, 0)]);
        assert_eq!((year.earned, year.paid, year.unchecked), (Yen(2000), Yen(1000), Yen(200)));
        assert_eq!((year.limit, year.left), (Some(Yen(1500)), Some(Yen(-500))));
        assert_eq!(YearOfPay::of(&days, 2024, day("2026-11-24"), None).earned, Yen(0));
    }

    #[test]
    fn a_limit_is_its_owners_number_and_nothing_follows_from_it() {
        let town = Town::new();
        let (aoki, _) = town.worker("Aoki");
        let (baba, _) = town.worker("Baba");
        let job = town.job(town.order_of(1000, 2).id, 2);
        town.finishes(aoki, job.id, 2);
        let on = town.act(aoki, |tx| super::super::days_from(tx, None)).0.keys().next().copied().unwrap();
        let watched = WatchInput { yearly_limit: "700".into() };
        town.act(aoki, |tx| watch(tx, &watched));
        let seen = town.act(aoki, |tx| year(tx, Some(on.year())));
        assert_eq!((seen.earned, seen.limit, seen.left), (Yen(800), Some(Yen(700)), Some(Yen(-100))));
        assert_eq!(town.act(baba, |tx| year(tx, None)).limit, None, "nobody else's");
        town.act(aoki, |tx| watch(tx, &WatchInput::default()));
        assert_eq!(town.act(aoki, |tx| year(tx, None)).limit, None, "hidden again");
        let refused =
            town.attempt(aoki, |tx| watch(tx, &WatchInput { yearly_limit: "0".into() })).unwrap_err();
        assert_eq!(refused.fields()[0].field, "yearly_limit");
    }
}
