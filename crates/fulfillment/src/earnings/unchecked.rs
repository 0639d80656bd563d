//! The clock of work that was received and is not checked yet: payment counts from the receipt, whether it was checked or not
//! (Freelance Act art. 4), so review that takes its time takes it from the day of payment.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use db::{DbError, Tx};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Nullable, SmallInt};
use kernel::Yen;
use schemars::JsonSchema;
use serde::Serialize;

use super::lists::NOT_SENT_BACK;
use crate::jobs::{PayRule, last_pay_day, last_pay_day_re_entrusted};

/// What is received, not checked and to be paid on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct UncheckedDay {
    /// The day the terms promise.
    pub pay_on: NaiveDate,
    /// The last day the law allows for any of it: the sixtieth, the day of receipt being the first.
    pub pay_by: NaiveDate,
    /// The day on which the first of it was received.
    pub received_on: NaiveDate,
    /// How many units.
    pub units: i64,
    /// What they pay, before tax.
    pub amount: Yen,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Date)]
    received_on: NaiveDate,
    #[diesel(sql_type = SmallInt)]
    pay_day: i16,
    #[diesel(sql_type = Nullable<Date>)]
    fixed_pay_on: Option<NaiveDate>,
    #[diesel(sql_type = Nullable<Date>)]
    original_pay_on: Option<NaiveDate>,
    #[diesel(sql_type = BigInt)]
    units: i64,
    #[diesel(sql_type = BigInt)]
    amount: Yen,
}

impl Row {
    fn pay_by(&self) -> NaiveDate {
        match (
            PayRule::stored(self.pay_day, self.fixed_pay_on).fixed_for(self.received_on),
            self.original_pay_on,
        ) {
            (Some(_), Some(original)) => last_pay_day_re_entrusted(original),
            (Some(fixed), None) => fixed,
            (None, _) => last_pay_day(self.received_on),
        }
    }
}

/// What waits for review by the day on which it is paid, the earliest first; some days for each month. What is certain already
/// does not wait: it was earned with an earlier version.
pub fn unchecked_days(tx: &mut Tx<'_>) -> Result<Vec<UncheckedDay>, DbError> {
    let rows: Vec<Row> = diesel::sql_query(format!(
        "SELECT received.day AS received_on, j.pay_day, j.fixed_pay_on, j.original_pay_on, count(*) AS units, \
             sum(j.unit_pay)::bigint AS amount \
         FROM units u JOIN jobs j ON j.id = u.job_id \
         JOIN LATERAL (SELECT (min(s.submitted_at) AT TIME ZONE 'Asia/Tokyo')::date AS day FROM submissions s \
             WHERE s.unit_id = u.id AND s.maker_id = u.holder_id AND {NOT_SENT_BACK}) received \
             ON received.day IS NOT NULL \
         WHERE u.state IN ('submitted', 'checking') AND NOT EXISTS (SELECT 1 FROM earnings e \
             WHERE e.unit_id = u.id AND e.person_id = u.holder_id AND e.kind = 'unit') \
         GROUP BY 1, 2, 3, 4"
    ))
    .load(tx.conn())?;
    let mut days: BTreeMap<NaiveDate, UncheckedDay> = BTreeMap::new();
    for row in rows {
        let (pay_on, pay_by) =
            (PayRule::stored(row.pay_day, row.fixed_pay_on).of_receipt(row.received_on), row.pay_by());
        let nothing =
            UncheckedDay { pay_on, pay_by, received_on: row.received_on, units: 0, amount: Yen::ZERO };
        let day = days.entry(pay_on).or_insert(nothing);
        day.pay_by = day.pay_by.min(pay_by);
        day.received_on = day.received_on.min(row.received_on);
        day.units += row.units;
        day.amount = Yen(day.amount.0 + row.amount.0);
    }
    Ok(days.into_values().collect())
}
