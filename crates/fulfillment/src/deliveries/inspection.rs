//! How the units of a delivery were inspected: how many, what was found before and after it was mended, and where some passed
//! unseen by lot how much may be wrong with those (検品の記録, the check sheet's head). Nobody is named.
//!
//! Invariant: a rate is said of a random sample alone, as an interval with its method and the numbers behind it, and of nothing
//! where every unit was looked at (`a_rate_is_said_of_what_was_drawn_and_of_nothing_else`).

use db::{DbError, Tx};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use kernel::DeliveryId;
use schemars::JsonSchema;
use serde::Serialize;

use crate::defects::Severity;
use crate::sampling::plans::{LotPlan, exact_interval, one_in};

/// How sure an interval is to cover the rate.
const SURE: f64 = 0.95;
/// Of how many units of a bad lot one is defective, where words say what the sample would have shown of one.
const BAD_ONE_IN: u32 = 10;

/// How the units of a delivery were inspected.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Inspection {
    /// How many units it holds.
    pub units: i64,
    /// How many of them a person looked at, in the version that was delivered.
    pub inspected: i64,
    /// How many of those two people looked at, one after the other.
    pub by_two: i64,
    /// What was found of them, the gravest first; a severity of which nothing was found is named with zeros.
    pub faults: Vec<Faults>,
    /// What a random sample says of the units that nobody looked at; none where all were looked at.
    pub sample: Option<Sample>,
}

/// How many faults of one severity there were.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "InspectionFaults")]
pub struct Faults {
    /// How grave they were when they were found.
    pub severity: Severity,
    /// How many were found, in whichever version.
    pub found: i64,
    /// How many are left in what was delivered: such as a client may be given.
    pub left: i64,
}

/// What a random sample says.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "InspectionSample")]
pub struct Sample {
    /// How many of its units were drawn about, whether they were to be looked at or not.
    pub of: i64,
    /// How many of them were drawn to be looked at.
    pub drawn: i64,
    /// Of those, how many had a fault of their maker's when they were handed in; it was mended before delivery.
    pub faulty: i64,
    /// Where the share of faulty ones lies; none where nothing was drawn, which says nothing.
    pub rate: Option<Rate>,
}

/// A share, never as one number: exact, after Clopper and Pearson.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "InspectionRate")]
pub struct Rate {
    /// How it was reckoned: `clopper_pearson`.
    pub method: Method,
    /// How sure the interval is to cover the share, 0 to 1.
    pub sure: f64,
    /// Its lower end, 0 to 1.
    pub low: f64,
    /// Its upper end, 0 to 1.
    pub high: f64,
    /// If one in ten units were faulty, a sample as good as this one would come out once in so many times; none where practically
    /// never.
    pub bad_passes_one_in: Option<u32>,
}

kernel::text_enum!(
    /// How an interval was reckoned.
    #[schemars(rename = "InspectionMethod")]
    Method {
        /// Exact, from the binomial distribution (Clopper and Pearson 1934).
        ClopperPearson = "clopper_pearson",
    }
);

impl Sample {
    fn of(of: i64, drawn: i64, faulty: i64) -> Self {
        let small = |count: i64| u32::try_from(count).unwrap_or(u32::MAX);
        let (lot, sample, bad) = (small(of), small(drawn), small(faulty));
        let rate = (sample > 0).then(|| {
            let (low, high) = exact_interval(bad, sample, SURE);
            let plan = LotPlan { sample, accept: bad };
            let passes = plan.passes_small(lot, lot.div_ceil(BAD_ONE_IN));
            Rate { method: Method::ClopperPearson, sure: SURE, low, high, bad_passes_one_in: one_in(passes) }
        });
        Self { of, drawn, faulty, rate }
    }
}

#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = BigInt)]
    units: i64,
    #[diesel(sql_type = BigInt)]
    inspected: i64,
    #[diesel(sql_type = BigInt)]
    by_two: i64,
    #[diesel(sql_type = BigInt)]
    drawn_about: i64,
    #[diesel(sql_type = BigInt)]
    drawn: i64,
    #[diesel(sql_type = BigInt)]
    faulty: i64,
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = Text)]
    severity: Severity,
    #[diesel(sql_type = BigInt)]
    found: i64,
    #[diesel(sql_type = BigInt)]
    remaining: i64,
}

/// How a delivery was inspected.
pub fn inspected(tx: &mut Tx<'_>, id: DeliveryId) -> Result<Inspection, DbError> {
    let counted: Counted = diesel::sql_query(
        "SELECT count(*) AS units, count(*) FILTER (WHERE seen.looks > 0) AS inspected, \
             count(*) FILTER (WHERE seen.looks > 1) AS by_two, count(*) FILTER (WHERE lot.is_looked_at IS NOT NULL) AS drawn_about, \
             count(*) FILTER (WHERE lot.is_looked_at) AS drawn, \
             count(*) FILTER (WHERE lot.is_looked_at AND EXISTS (SELECT FROM reviews r WHERE r.submission_id = lot.submission_id \
                 AND r.is_last AND r.verdict <> 'pass' AND r.fault = 'worker' \
                 AND NOT EXISTS (SELECT FROM review_appeals p WHERE p.review_id = r.id AND p.outcome <> 'upheld'))) AS faulty \
         FROM delivery_units d \
         CROSS JOIN LATERAL (SELECT count(DISTINCT r.checker_id) AS looks FROM reviews r \
             WHERE r.submission_id = d.submission_id) seen \
         LEFT JOIN LATERAL (SELECT s.submission_id, s.is_looked_at FROM sampling_draws s \
             WHERE s.unit_id = d.unit_id AND s.submission_id <= d.submission_id ORDER BY s.submission_id DESC LIMIT 1) lot ON true \
         WHERE d.delivery_id = $1",
    )
    .bind::<BigInt, _>(id)
    .get_result(tx.conn())?;
    let sample = (counted.inspected < counted.units)
        .then(|| Sample::of(counted.drawn_about, counted.drawn, counted.faulty));
    Ok(Inspection {
        units: counted.units,
        inspected: counted.inspected,
        by_two: counted.by_two,
        faults: faults(tx, id)?,
        sample,
    })
}

/// Of the last verdict on each version, so that nothing is counted twice where two people looked; of none that was found wrong
/// when its maker appealed.
fn faults(tx: &mut Tx<'_>, id: DeliveryId) -> Result<Vec<Faults>, DbError> {
    let found: Vec<Found> = diesel::sql_query(
        "SELECT m.severity, count(*) AS found, count(*) FILTER (WHERE r.submission_id = d.submission_id) AS remaining \
         FROM delivery_units d \
         JOIN reviews r ON r.unit_id = d.unit_id AND r.submission_id <= d.submission_id AND r.is_last \
         JOIN review_remarks m ON m.review_id = r.id AND m.severity IS NOT NULL \
         WHERE d.delivery_id = $1 \
             AND NOT EXISTS (SELECT FROM review_appeals p WHERE p.review_id = r.id AND p.outcome = 'passed') \
         GROUP BY m.severity",
    )
    .bind::<BigInt, _>(id)
    .load(tx.conn())?;
    let of = |severity: &Severity| {
        let row = found.iter().find(|row| row.severity == *severity);
        Faults {
            severity: *severity,
            found: row.map_or(0, |row| row.found),
            left: row.map_or(0, |row| row.remaining),
        }
    };
    Ok([Severity::Critical, Severity::Major, Severity::Minor].iter().map(of).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_says_an_interval_and_how_often_a_bad_lot_would_look_as_good() {
        // Of 100 units 20 were drawn and none was faulty: 0 to 16.8 % (Clopper and Pearson), and a lot with ten faulty ones shows
        // none of them in 9.5 of 100 cases (hypergeometric).
        let rate = Sample::of(100, 20, 0).rate.unwrap();
        assert!(rate.low == 0.0 && (rate.high - 0.1684).abs() < 0.0001, "{rate:?}");
        assert_eq!(rate.bad_passes_one_in, Some(11));
        // One of twenty: 0.13 to 24.9 %.
        let rate = Sample::of(100, 20, 1).rate.unwrap();
        assert!((rate.low - 0.00127).abs() < 0.0001 && (rate.high - 0.2487).abs() < 0.0001, "{rate:?}");
        let all = Sample::of(4, 4, 4).rate.unwrap();
        assert!(all.high > 0.999_999 && (all.low - 0.3976).abs() < 0.0001, "{all:?}");
        assert_eq!(Sample::of(7, 0, 0).rate, None, "nothing drawn says nothing");
    }
}
