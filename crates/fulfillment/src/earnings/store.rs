//! Writes of `earnings`, which the application may only insert. Each statement earns for as many units as it is given,
//! and nothing twice.

use db::{DbError, Tx};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Date, SmallInt, Timestamptz};
use kernel::{SubmissionId, Yen};

use super::lists::{MADE_FOR_IT, NOT_SENT_BACK};
use super::model::EarningKind;
use crate::hand_overs::HandOver;
use crate::schema::earnings;
use crate::units::store::Which;

/// Whose hands a unit is in, and the newest terms they accepted for it.
const HOLDER: &str = "JOIN jobs j ON j.id = units.job_id \
     JOIN LATERAL (SELECT a.terms_notice_id FROM assignments a \
         WHERE a.unit_id = units.id AND a.person_id = units.holder_id ORDER BY a.id DESC LIMIT 1) a ON true";

/// Those units of `which` that may earn, chosen by themselves: beside the joins that follow, all units of a town were once read in
/// the order of their ids for the sake of one.
fn these(which: Which<'_>) -> String {
    format!(
        "WITH these AS MATERIALIZED (SELECT units.id, units.job_id, units.holder_id FROM units \
             WHERE {} AND units.state NOT IN ('accepted', 'cancelled'))",
        which.condition()
    )
}

/// Earns the pay of those units of `which` whose holder has handed something in that review did not send back through
/// their own fault.
pub(super) fn units(tx: &mut Tx<'_>, which: Which<'_>) -> Result<(), DbError> {
    let now = tx.now();
    db::prepared(format!(
        "{} INSERT INTO earnings (unit_id, person_id, kind, terms_notice_id, amount, received_on, pay_day, fixed_pay_on, \
             earned_at) \
         SELECT units.id, units.holder_id, 'unit', a.terms_notice_id, j.unit_pay, \
             (received.at AT TIME ZONE 'Asia/Tokyo')::date, j.pay_day, \
             CASE WHEN j.fixed_pay_on > (received.at AT TIME ZONE 'Asia/Tokyo')::date THEN j.fixed_pay_on END, $2 \
         FROM these AS units {HOLDER} \
         JOIN LATERAL (SELECT min(s.submitted_at) AS at FROM submissions s \
             WHERE s.unit_id = units.id AND s.maker_id = units.holder_id AND {NOT_SENT_BACK}) received \
             ON received.at IS NOT NULL ORDER BY units.id ON CONFLICT DO NOTHING",
        these(which)
    ))
    .bind::<Array<BigInt>, _>(which.ids())
    .bind::<Timestamptz, _>(now)
    .execute(tx.conn())?;
    Ok(())
}

/// The same for what fixes of them pay beside.
pub(super) fn fixes(tx: &mut Tx<'_>, which: Which<'_>) -> Result<(), DbError> {
    let now = tx.now();
    db::prepared(paid_fixes(&these(which)))
        .bind::<Array<BigInt>, _>(which.ids())
        .bind::<Timestamptz, _>(now)
        .execute(tx.conn())?;
    Ok(())
}

/// Earns what fixes of `these` units pay their holders, by the time `$2`.
fn paid_fixes(these: &str) -> String {
    format!(
        "{these} INSERT INTO earnings (unit_id, person_id, kind, fix_decision_id, terms_notice_id, amount, received_on, \
             pay_day, fixed_pay_on, earned_at) \
         SELECT units.id, units.holder_id, 'fix', d.id, d.terms_notice_id, d.extra_pay, \
             (received.at AT TIME ZONE 'Asia/Tokyo')::date, j.pay_day, \
             CASE WHEN j.fixed_pay_on > (received.at AT TIME ZONE 'Asia/Tokyo')::date THEN j.fixed_pay_on END, $2 \
         FROM these AS units JOIN jobs j ON j.id = units.job_id \
         JOIN fix_decisions d ON d.unit_id = units.id \
         JOIN terms_notices t ON t.id = d.terms_notice_id \
         JOIN LATERAL (SELECT min(s.submitted_at) AS at FROM submissions s \
             WHERE s.unit_id = units.id AND s.maker_id = units.holder_id AND {MADE_FOR_IT} \
                 AND {NOT_SENT_BACK}) received ON received.at IS NOT NULL \
         WHERE EXISTS (SELECT 1 FROM assignments a WHERE a.unit_id = units.id AND a.worker_id = t.worker_id \
                 AND a.person_id = units.holder_id) \
         ORDER BY d.id ON CONFLICT DO NOTHING"
    )
}

/// Earns `percent` of what the live holders of `which` have not earned yet: of their units' pay, and of paid fixes.
pub(super) fn compensations(tx: &mut Tx<'_>, which: Which<'_>, percent: u8) -> Result<(), DbError> {
    let (now, today) = (tx.now(), crate::today(tx));
    db::prepared(format!(
        "{} INSERT INTO earnings (unit_id, person_id, kind, fix_decision_id, terms_notice_id, amount, received_on, \
             pay_day, fixed_pay_on, earned_at) \
         SELECT units.id, units.holder_id, 'compensation', under_way.fix, under_way.terms, \
             under_way.pay * $3 / 100, $4, j.pay_day, \
             CASE WHEN j.fixed_pay_on > $4 THEN j.fixed_pay_on END, $2 \
         FROM these AS units JOIN jobs j ON j.id = units.job_id \
         JOIN assignments a ON a.unit_id = units.id AND a.ended_at IS NULL \
         JOIN LATERAL ( \
             SELECT NULL::bigint AS fix, a.terms_notice_id AS terms, j.unit_pay AS pay \
             WHERE NOT EXISTS (SELECT 1 FROM earnings e WHERE e.unit_id = units.id \
                 AND e.person_id = units.holder_id AND e.kind = 'unit') \
             UNION ALL \
             SELECT d.id, d.terms_notice_id, d.extra_pay FROM fix_decisions d \
             JOIN terms_notices t ON t.id = d.terms_notice_id AND t.worker_id = a.worker_id \
             WHERE d.unit_id = units.id \
                 AND NOT EXISTS (SELECT 1 FROM earnings e WHERE e.fix_decision_id = d.id) \
         ) under_way ON under_way.pay * $3 / 100 > 0 \
         ORDER BY units.id, under_way.fix NULLS FIRST ON CONFLICT DO NOTHING",
        these(which)
    ))
    .bind::<Array<BigInt>, _>(which.ids())
    .bind::<Timestamptz, _>(now)
    .bind::<SmallInt, _>(i16::from(percent))
    .bind::<Date, _>(today)
    .execute(tx.conn())?;
    Ok(())
}

/// The pay of a unit for whoever made a version, under the terms they made it under; a unit that was called off owes it, too.
pub(super) fn appealed(tx: &mut Tx<'_>, version: SubmissionId) -> Result<(), DbError> {
    let now = tx.now();
    db::prepared(format!(
        "INSERT INTO earnings (unit_id, person_id, kind, terms_notice_id, amount, received_on, pay_day, fixed_pay_on, \
             earned_at) \
         SELECT v.unit_id, v.maker_id, 'unit', a.terms_notice_id, j.unit_pay, \
             (received.at AT TIME ZONE 'Asia/Tokyo')::date, j.pay_day, \
             CASE WHEN j.fixed_pay_on > (received.at AT TIME ZONE 'Asia/Tokyo')::date THEN j.fixed_pay_on END, $2 \
         FROM submissions v JOIN assignments a ON a.id = v.assignment_id \
         JOIN units u ON u.id = v.unit_id JOIN jobs j ON j.id = u.job_id \
         JOIN LATERAL (SELECT min(s.submitted_at) AS at FROM submissions s \
             WHERE s.unit_id = v.unit_id AND s.maker_id = v.maker_id AND {NOT_SENT_BACK}) received \
             ON received.at IS NOT NULL \
         WHERE v.id = $1 ON CONFLICT DO NOTHING"
    ))
    .bind::<BigInt, _>(version)
    .bind::<Timestamptz, _>(now)
    .execute(tx.conn())?;
    Ok(())
}

/// The same for what fixes of its unit pay beside, as if whoever made it held the unit still.
pub(super) fn appealed_fixes(tx: &mut Tx<'_>, version: SubmissionId) -> Result<(), DbError> {
    let now = tx.now();
    let its_unit = "WITH these AS MATERIALIZED (SELECT u.id, u.job_id, v.maker_id AS holder_id \
         FROM submissions v JOIN units u ON u.id = v.unit_id WHERE v.id = $1)";
    db::prepared(paid_fixes(its_unit))
        .bind::<BigInt, _>(version)
        .bind::<Timestamptz, _>(now)
        .execute(tx.conn())?;
    Ok(())
}

/// Says of the unit of a version, where it was called off, what is owed for it by now.
pub(super) fn owe_called_off(tx: &mut Tx<'_>, version: SubmissionId) -> Result<(), DbError> {
    db::prepared(
        "UPDATE units SET compensation = (SELECT COALESCE(sum(e.amount), 0)::bigint FROM earnings e \
             WHERE e.unit_id = units.id AND e.person_id = units.holder_id) \
         FROM submissions v WHERE v.id = $1 AND units.id = v.unit_id AND units.state = 'cancelled'",
    )
    .bind::<BigInt, _>(version)
    .execute(tx.conn())?;
    Ok(())
}

/// One line for each part, by the unique index `earnings_one_share`.
pub(super) fn share(tx: &mut Tx<'_>, part: &HandOver, amount: Yen) -> Result<(), DbError> {
    let now = tx.now();
    diesel::insert_into(earnings::table)
        .values((
            earnings::unit_id.eq(part.unit_id),
            earnings::person_id.eq(part.person_id),
            earnings::kind.eq(EarningKind::Share),
            earnings::terms_notice_id.eq(part.terms_notice),
            earnings::amount.eq(amount),
            earnings::received_on.eq(part.received_on()),
            earnings::pay_day.eq(part.pay_day.number()),
            earnings::fixed_pay_on.eq(part.fixed_for_its_receipt()),
            earnings::earned_at.eq(now),
            earnings::hand_over_id.eq(part.id),
        ))
        .execute(tx.conn())?;
    Ok(())
}
