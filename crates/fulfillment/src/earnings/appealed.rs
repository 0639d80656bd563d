//! What appeals that wait would give if they were won: what a refusal or a return took is kept until another reviewer has decided. One
//! statement reads it for whoever appealed and for the town, so both are shown the same, and by the receipt from which it would be paid.
//!
//! Where the fault was nobody's, the verdict took nothing, and the unit is paid already.

use chrono::NaiveDate;
use db::{DbError, Tx};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Nullable, SmallInt};
use kernel::{PersonId, Yen};

use super::lists::{IF_WON, MADE_FOR_IT};
use super::model::PayDays;
use crate::jobs::PayRule;

/// The unit's own pay and what fixes of it pay beside, each as a row: whose, the day of receipt, by which rule it is paid, how many units
/// of their maker's it is (a fix is paid beside one), how many the town has to look at, and how much.
pub(super) fn waiting() -> String {
    format!(
        "SELECT w.appellant_id, received.day AS received_on, j.pay_day, j.fixed_pay_on, j.original_pay_on, \
             1 AS made, 1 AS units, j.unit_pay AS amount \
         FROM review_appeals w JOIN units u ON u.id = w.unit_id JOIN jobs j ON j.id = u.job_id \
         JOIN LATERAL (SELECT (min(s.submitted_at) AT TIME ZONE 'Asia/Tokyo')::date AS day FROM submissions s \
             WHERE s.unit_id = w.unit_id AND s.maker_id = w.appellant_id AND {IF_WON}) received \
             ON received.day IS NOT NULL \
         WHERE w.decided_at IS NULL AND NOT EXISTS (SELECT 1 FROM earnings e \
             WHERE e.unit_id = w.unit_id AND e.person_id = w.appellant_id AND e.kind = 'unit') \
         UNION ALL \
         SELECT w.appellant_id, received.day, j.pay_day, j.fixed_pay_on, j.original_pay_on, 0, \
             (row_number() OVER (PARTITION BY w.id ORDER BY d.id) = 1 AND EXISTS (SELECT 1 FROM earnings e \
                 WHERE e.unit_id = w.unit_id AND e.person_id = w.appellant_id AND e.kind = 'unit'))::int, d.extra_pay \
         FROM review_appeals w JOIN units u ON u.id = w.unit_id JOIN jobs j ON j.id = u.job_id \
         JOIN fix_decisions d ON d.unit_id = w.unit_id JOIN terms_notices t ON t.id = d.terms_notice_id \
         JOIN LATERAL (SELECT (min(s.submitted_at) AT TIME ZONE 'Asia/Tokyo')::date AS day FROM submissions s \
             WHERE s.unit_id = w.unit_id AND s.maker_id = w.appellant_id AND {MADE_FOR_IT} AND {IF_WON}) received \
             ON received.day IS NOT NULL \
         WHERE w.decided_at IS NULL AND EXISTS (SELECT 1 FROM assignments a WHERE a.unit_id = w.unit_id \
                 AND a.worker_id = t.worker_id AND a.person_id = w.appellant_id) \
             AND NOT EXISTS (SELECT 1 FROM earnings e WHERE e.fix_decision_id = d.id AND e.kind = 'fix')"
    )
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Date)]
    received_on: NaiveDate,
    #[diesel(sql_type = SmallInt)]
    pay_day: i16,
    #[diesel(sql_type = Nullable<Date>)]
    fixed_pay_on: Option<NaiveDate>,
    #[diesel(sql_type = BigInt)]
    made: i64,
    #[diesel(sql_type = BigInt)]
    amount: Yen,
}

/// Adds what a person would be paid.
pub(super) fn expect(tx: &mut Tx<'_>, person: PersonId, days: &mut PayDays) -> Result<(), DbError> {
    let rows: Vec<Row> = db::prepared(format!(
        "SELECT received_on, pay_day, fixed_pay_on, made::bigint AS made, amount FROM ({}) waiting WHERE appellant_id = $1",
        waiting()
    ))
    .bind::<BigInt, _>(person)
    .load(tx.conn())?;
    for row in rows {
        let rule = PayRule::stored(row.pay_day, row.fixed_pay_on);
        days.expect(rule.of_receipt(row.received_on), row.amount, row.made);
    }
    Ok(())
}
