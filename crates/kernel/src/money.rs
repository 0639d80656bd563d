//! Yen as whole numbers, and consumption tax rounded once per rate per document.
//!
//! Invariant: no float ever holds money (test `no_floats_for_money` in `tests/`).

use std::fmt;
use std::iter::Sum;

use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::{Pg, PgValue};
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types::BigInt;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Why an amount was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Larger than any amount this product handles.
    #[error("amount is out of range: at most {} yen", Yen::MOST.0)]
    OutOfRange,
}

/// A whole number of yen. Negative only where a document corrects another.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Default,
    Serialize,
    Deserialize,
    JsonSchema,
    AsExpression,
    FromSqlRow,
)]
#[serde(transparent)]
#[diesel(sql_type = BigInt)]
pub struct Yen(pub i64);

impl Yen {
    /// One trillion yen; ten digits are the most a bank transfer record can carry, this leaves room for totals.
    pub const MOST: Self = Self(1_000_000_000_000);
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// `self + other`, refused beyond [`Yen::MOST`] in either direction.
    pub fn plus(self, other: Self) -> Result<Self, MoneyError> {
        self.0.checked_add(other.0).map_or(Err(MoneyError::OutOfRange), Self::within)
    }

    /// `self × count`, refused beyond [`Yen::MOST`].
    pub fn times(self, count: i64) -> Result<Self, MoneyError> {
        self.0.checked_mul(count).map_or(Err(MoneyError::OutOfRange), Self::within)
    }

    /// `self × percent / 100`, rounded down; for weighted forecasts.
    pub fn percent(self, percent: u8) -> Self {
        Self(self.0.saturating_mul(i64::from(percent)).div_euclid(100))
    }

    fn within(amount: i64) -> Result<Self, MoneyError> {
        if amount.unsigned_abs() <= Self::MOST.0.unsigned_abs() {
            Ok(Self(amount))
        } else {
            Err(MoneyError::OutOfRange)
        }
    }
}

impl Sum for Yen {
    /// Saturates: a total that large is refused where its lines are written.
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        Self(amounts.fold(0i64, |total, amount| total.saturating_add(amount.0)))
    }
}

impl fmt::Display for Yen {
    /// `1,234` — the unit is the reader's language's business.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.0.unsigned_abs().to_string();
        let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index).is_multiple_of(3) {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        f.pad_integral(self.0 >= 0, "", &grouped)
    }
}

impl FromSql<BigInt, Pg> for Yen {
    fn from_sql(bytes: PgValue<'_>) -> deserialize::Result<Self> {
        <i64 as FromSql<BigInt, Pg>>::from_sql(bytes).map(Self)
    }
}

impl ToSql<BigInt, Pg> for Yen {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        <i64 as ToSql<BigInt, Pg>>::to_sql(&self.0, out)
    }
}

/// A consumption-tax rate in whole percent (10 standard, 8 reduced, 0 exempt).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(extend("maximum" = 100))]
pub struct TaxRate(pub u8);

impl TaxRate {
    /// The standard rate since 2019-10-01.
    pub const STANDARD: Self = Self(10);

    /// Tax on a document's total at this rate, rounded down once.
    ///
    /// Rounding once per rate per document is the rule for qualified invoices (消費税法基本通達 1-8-15);
    /// the direction is the issuer's choice, ours is down.
    pub fn tax_on(self, total: Yen) -> Yen {
        Yen(total.0.saturating_mul(i64::from(self.0)).div_euclid(100))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yen_is_grouped_by_thousands() {
        for (amount, shown) in
            [(0, "0"), (999, "999"), (1234, "1,234"), (19_100_000, "19,100,000"), (-1234, "-1,234")]
        {
            assert_eq!(Yen(amount).to_string(), shown);
        }
    }

    #[test]
    fn sums_beyond_a_trillion_are_refused_not_wrapped() {
        assert_eq!(Yen::MOST.plus(Yen(1)), Err(MoneyError::OutOfRange));
        assert_eq!(Yen(i64::MAX).times(2), Err(MoneyError::OutOfRange));
        assert_eq!(Yen(5).times(3), Ok(Yen(15)));
    }

    #[test]
    fn tax_is_rounded_once_on_the_total_not_per_line() {
        let lines = [Yen(195), Yen(195)];
        let total: Yen = lines.iter().copied().sum();
        let per_line: Yen = lines.iter().map(|line| TaxRate::STANDARD.tax_on(*line)).sum();
        assert_eq!(TaxRate::STANDARD.tax_on(total), Yen(39));
        assert_eq!(per_line, Yen(38), "what the rule forbids");
    }
}
