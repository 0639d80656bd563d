//! The clock of work that was received and is not checked yet: payment counts from the receipt, whether it was checked or not
//! (Freelance Act art. 4), so review that takes its time takes it from the day of payment. The same holds for what fixes pay beside, for
//! parts whose share is not decided, and for what a refusal took while an appeal against it waits: it would be paid from the receipt that
//! the verdict took (`what_the_town_has_to_look_at_is_what_its_workers_expect`, `what_an_appeal_would_give_is_what_it_gives`).

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Nullable, SmallInt};
use kernel::{Yen, date_in_japan};
use schemars::JsonSchema;
use serde::Serialize;

use super::appealed;
use super::lists::{MADE_FOR_IT, NOT_SENT_BACK};
use crate::hand_overs::share_of;
use crate::jobs::PayRule;
use crate::schema::{hand_overs, jobs, units};

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
    fn rule(&self) -> PayRule {
        PayRule::stored(self.pay_day, self.fixed_pay_on)
    }

    fn pay_by(&self) -> NaiveDate {
        self.rule().last_of_receipt(self.received_on, self.original_pay_on)
    }
}

/// What waits for somebody's word by the day on which it is paid, the earliest first; some days for each month. What is certain already
/// does not wait: it was earned with an earlier version.
pub fn unchecked_days(tx: &mut Tx<'_>) -> Result<Vec<UncheckedDay>, DbError> {
    let mut rows = before_review(tx)?;
    rows.extend(handed_over(tx)?);
    let mut days: BTreeMap<NaiveDate, UncheckedDay> = BTreeMap::new();
    for row in rows {
        let (pay_on, pay_by) = (row.rule().of_receipt(row.received_on), row.pay_by());
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

/// Units before review, what fixes of them pay beside, and what is appealed against. Where the unit's own pay is certain already, the first
/// of its fixes that wait counts as the unit: one is to be looked at all the same.
fn before_review(tx: &mut Tx<'_>) -> Result<Vec<Row>, DbError> {
    Ok(diesel::sql_query(format!(
        "SELECT received_on, pay_day, fixed_pay_on, original_pay_on, sum(units)::bigint AS units, \
             sum(amount)::bigint AS amount FROM ( \
         SELECT received.day AS received_on, j.pay_day, j.fixed_pay_on, j.original_pay_on, 1 AS units, \
             j.unit_pay AS amount \
         FROM units u JOIN jobs j ON j.id = u.job_id \
         JOIN LATERAL (SELECT (min(s.submitted_at) AT TIME ZONE 'Asia/Tokyo')::date AS day FROM submissions s \
             WHERE s.unit_id = u.id AND s.maker_id = u.holder_id AND {NOT_SENT_BACK}) received \
             ON received.day IS NOT NULL \
         WHERE u.state IN ('submitted', 'checking') AND NOT EXISTS (SELECT 1 FROM earnings e \
             WHERE e.unit_id = u.id AND e.person_id = u.holder_id AND e.kind = 'unit') \
         UNION ALL \
         SELECT received.day, j.pay_day, j.fixed_pay_on, j.original_pay_on, \
             (row_number() OVER (PARTITION BY u.id ORDER BY d.id) = 1 AND EXISTS (SELECT 1 FROM earnings e \
                 WHERE e.unit_id = u.id AND e.person_id = u.holder_id AND e.kind = 'unit'))::int, d.extra_pay \
         FROM units u JOIN jobs j ON j.id = u.job_id JOIN fix_decisions d ON d.unit_id = u.id \
         JOIN terms_notices t ON t.id = d.terms_notice_id \
         JOIN LATERAL (SELECT (min(s.submitted_at) AT TIME ZONE 'Asia/Tokyo')::date AS day FROM submissions s \
             WHERE s.unit_id = u.id AND s.maker_id = u.holder_id AND {MADE_FOR_IT} AND {NOT_SENT_BACK}) received \
             ON received.day IS NOT NULL \
         WHERE u.state IN ('submitted', 'checking') \
             AND EXISTS (SELECT 1 FROM assignments a WHERE a.unit_id = u.id AND a.worker_id = t.worker_id \
                 AND a.person_id = u.holder_id) \
             AND NOT EXISTS (SELECT 1 FROM earnings e WHERE e.fix_decision_id = d.id) \
         UNION ALL \
         SELECT received_on, pay_day, fixed_pay_on, original_pay_on, units, amount FROM ({}) appealed \
         ) waiting GROUP BY 1, 2, 3, 4",
        appealed::waiting()
    ))
    .load(tx.conn())?)
}

/// When a part was handed over and by which rule it is paid: the day of the month, the one day, and when the original client pays.
type Part = (DateTime<Utc>, i16, Option<NaiveDate>, Option<NaiveDate>, Yen, i16);

/// The shares, as their makers think, of parts that were handed over and that nobody has decided; a handful.
fn handed_over(tx: &mut Tx<'_>) -> Result<Vec<Row>, DbError> {
    let parts: Vec<Part> = hand_overs::table
        .inner_join(units::table.on(units::id.eq(hand_overs::unit_id)))
        .inner_join(jobs::table.on(jobs::id.eq(units::job_id)))
        .filter(hand_overs::decided_at.is_null())
        .select((
            hand_overs::handed_over_at,
            hand_overs::pay_day,
            hand_overs::fixed_pay_on,
            jobs::original_pay_on,
            hand_overs::unit_pay,
            hand_overs::tenths,
        ))
        .load(tx.conn())?;
    let row = |(at, pay_day, fixed_pay_on, original_pay_on, unit_pay, tenths): Part| Row {
        received_on: date_in_japan(at),
        pay_day,
        fixed_pay_on,
        original_pay_on,
        units: 1,
        amount: share_of(unit_pay, tenths),
    };
    Ok(parts.into_iter().map(row).collect())
}
