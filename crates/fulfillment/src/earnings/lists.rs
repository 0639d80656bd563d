//! Reading what was earned, and when work that is not checked yet was received.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, Utc};
use db::{DbError, Tx};
use diesel::dsl::count_star;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Date, Nullable, SmallInt, Timestamptz};
use kernel::{Holidays, Page, Paging, PersonId, UnitId, Yen, date_in_japan};

use super::appealed;
use super::model::{Earning, EarningKind, PaidPerson, PaidTotal, PayDays, PayLine, PayLineKey};
use crate::hand_overs::{self, share_of};
use crate::jobs::{MOST_DAYS, PayDay, PayRule};
use crate::schema::{earnings, jobs, units};
use crate::terms::TermsNoticeId;
use crate::units::UnitState;
use crate::units::store::Which;

/// The condition on a version `s` as text, but for reviews `r` of which something else holds.
macro_rules! not_sent_back {
    ($but:literal) => {
        concat!(
            "NOT EXISTS (SELECT 1 FROM reviews r WHERE r.unit_id = s.unit_id \
                 AND r.submission_id >= s.id AND r.verdict <> 'pass' AND r.fault = 'worker' \
                 AND (SELECT o.maker_id FROM submissions o WHERE o.id = r.submission_id) = s.maker_id",
            $but,
            " AND NOT EXISTS (SELECT 1 FROM review_appeals p WHERE p.review_id = r.id AND p.outcome <> 'upheld')) \
             AND NOT EXISTS (SELECT 1 FROM submission_retractions t WHERE t.submission_id = s.id)"
        )
    };
}

/// The condition on a version `s`: its maker did not take it back, and review did not send it back, nor one of theirs after it,
/// through their own fault; a verdict that an appeal overturned is none. Only then was there something to receive.
pub(super) const NOT_SENT_BACK: &str = not_sent_back!("");

/// The same if the appeal `w` that waits were won.
pub(super) const IF_WON: &str = not_sent_back!(" AND r.id <> w.review_id");

/// The condition on a version `s` for it to be what a decision `d` about a fix asks for: handed in since, and not the very one
/// that review judged.
pub(super) const MADE_FOR_IT: &str = "s.submitted_at >= d.decided_at \
     AND s.id > COALESCE((SELECT r.submission_id FROM reviews r WHERE r.id = d.review_id), 0)";

#[derive(Queryable)]
struct EarningRow {
    unit: UnitId,
    person: PersonId,
    kind: EarningKind,
    amount: Yen,
    received_on: NaiveDate,
    pay_day: i16,
    fixed_pay_on: Option<NaiveDate>,
    terms_notice: TermsNoticeId,
    earned_at: DateTime<Utc>,
}

impl From<EarningRow> for Earning {
    fn from(row: EarningRow) -> Self {
        Self {
            unit: row.unit,
            person: row.person,
            kind: row.kind,
            amount: row.amount,
            received_on: row.received_on,
            pay_day: PayDay::stored(row.pay_day),
            fixed_pay_on: row.fixed_pay_on,
            terms_notice: row.terms_notice,
            earned_at: row.earned_at,
        }
    }
}

#[diesel::dsl::auto_type]
fn columns() -> _ {
    (
        earnings::unit_id,
        earnings::person_id,
        earnings::kind,
        earnings::amount,
        earnings::received_on,
        earnings::pay_day,
        earnings::fixed_pay_on,
        earnings::terms_notice_id,
        earnings::earned_at,
    )
}

/// What was earned with a unit, by whomever, the oldest first.
pub fn of_unit(tx: &mut Tx<'_>, unit: UnitId) -> Result<Vec<Earning>, DbError> {
    let rows: Vec<EarningRow> = earnings::table
        .filter(earnings::unit_id.eq(unit))
        .order(earnings::id)
        .select(columns())
        .load(tx.conn())?;
    Ok(rows.into_iter().map(Earning::from).collect())
}

/// How often the acting person earned something with the units of `which`; nothing where no person acts.
pub(crate) fn count_of_acting(tx: &mut Tx<'_>, which: Which<'_>) -> Result<i64, DbError> {
    let Some(person) = tx.actor().person() else { return Ok(0) };
    let of_person = earnings::table
        .inner_join(units::table.on(units::id.eq(earnings::unit_id)))
        .filter(earnings::person_id.eq(person))
        .select(count_star())
        .into_boxed();
    let counted = match which {
        Which::These(ids) => of_person.filter(units::id.eq_any(ids.to_vec())),
        Which::OfJob(job) => of_person.filter(units::job_id.eq(job)),
        Which::OfOrder(order) => of_person.filter(units::order_id.eq(order)),
    };
    Ok(counted.first(tx.conn())?)
}

/// What one person earned with some units, the oldest first.
pub(crate) fn of_person(
    tx: &mut Tx<'_>,
    person: PersonId,
    ids: &[UnitId],
) -> Result<HashMap<UnitId, Vec<Earning>>, DbError> {
    let rows: Vec<EarningRow> = earnings::table
        .filter(earnings::person_id.eq(person))
        .filter(earnings::unit_id.eq_any(ids))
        .order(earnings::id)
        .select(columns())
        .load(tx.conn())?;
    let mut earned: HashMap<UnitId, Vec<Earning>> = HashMap::new();
    for row in rows {
        earned.entry(row.unit).or_default().push(row.into());
    }
    Ok(earned)
}

/// What the acting person is paid, by day: what is certain, and what was handed in and is not checked yet. With `from`
/// only what is paid on that day or later.
pub fn days_from(tx: &mut Tx<'_>, from: Option<NaiveDate>) -> Result<PayDays, DbError> {
    let person = crate::acting_person(tx)?;
    days_of(tx, person, from)
}

/// The same of any person, for those who run the work.
pub fn days_of(tx: &mut Tx<'_>, person: PersonId, from: Option<NaiveDate>) -> Result<PayDays, DbError> {
    let mut days = PayDays::default();
    for total in totals(tx, person, from)? {
        let on = PayRule::stored(total.pay_day, total.fixed_pay_on).of_receipt(total.received_on);
        days.earn(on, total.amount, total.units);
    }
    unchecked(tx, person, &mut days)?;
    if let Some(from) = from {
        days.0 = days.0.split_off(&from);
    }
    Ok(days)
}

type LineRow =
    (i64, UnitId, String, String, EarningKind, Yen, NaiveDate, (i16, Option<NaiveDate>), Option<PersonId>);

/// The acting person's lines, the oldest first: all of them, or with `on` those paid on that day, which add up to what
/// [`days_from`] says is earned for it.
pub fn lines(
    tx: &mut Tx<'_>,
    on: Option<NaiveDate>,
    paging: &Paging<PayLineKey>,
) -> Result<Page<PayLine, PayLineKey>, DbError> {
    let person = crate::acting_person(tx)?;
    let mut query = earnings::table
        .inner_join(units::table.on(units::id.eq(earnings::unit_id)))
        .inner_join(jobs::table.on(jobs::id.eq(units::job_id)))
        .filter(earnings::person_id.eq(person))
        .order(earnings::id)
        .limit(paging.probe())
        .select((
            earnings::id,
            units::id,
            units::label,
            jobs::title,
            earnings::kind,
            earnings::amount,
            earnings::received_on,
            (earnings::pay_day, earnings::fixed_pay_on),
            units::holder_id,
        ))
        .into_boxed();
    if let Some(on) = on {
        let (received, pay_days) = receipts_paid_on(on);
        let by_month = earnings::fixed_pay_on
            .is_null()
            .and(earnings::received_on.ge(received.start))
            .and(earnings::received_on.lt(received.end))
            .and(earnings::pay_day.eq_any(pay_days));
        query = query.filter(by_month.or(earnings::fixed_pay_on.assume_not_null().eq(on)));
    }
    if let Some(PayLineKey(id)) = paging.after {
        query = query.filter(earnings::id.gt(id));
    }
    let rows: Vec<LineRow> = query.load(tx.conn())?;
    let page = Page::cut(rows, paging, |(id, ..)| PayLineKey(*id));
    Ok(page.map(|(_, unit, label, job_title, kind, amount, received_on, (pay_day, fixed), holder)| PayLine {
        unit,
        label,
        job_title,
        kind,
        amount,
        received_on,
        pay_on: PayRule::stored(pay_day, fixed).of_receipt(received_on),
        is_held: holder == Some(person),
    }))
}

/// The days of receipt, and the agreed days of the month after, that lead to one day of payment: several agreed days do
/// where banks are closed.
fn receipts_paid_on(on: NaiveDate) -> (Range<NaiveDate>, Vec<i16>) {
    let end = on.with_day(1).unwrap_or(on);
    let start = end.checked_sub_months(Months::new(1)).unwrap_or(NaiveDate::MIN);
    let all = (PayDay::EARLIEST..=PayDay::LATEST).filter_map(|day| i16::try_from(day).ok());
    let leads_there = |day: &i16| PayDay::stored(*day).of_receipt(start, Holidays::published()) == on;
    (start..end, all.filter(leads_there).collect())
}

/// What was received on one day and is paid on one day of the month after.
#[derive(QueryableByName)]
struct Total {
    #[diesel(sql_type = Date)]
    received_on: NaiveDate,
    #[diesel(sql_type = SmallInt)]
    pay_day: i16,
    #[diesel(sql_type = Nullable<Date>)]
    fixed_pay_on: Option<NaiveDate>,
    #[diesel(sql_type = BigInt)]
    amount: Yen,
    /// A fix is paid beside a unit that is counted already.
    #[diesel(sql_type = BigInt)]
    units: i64,
}

/// What a person earned, where it is certain that it was paid before `from` left out.
fn totals(tx: &mut Tx<'_>, person: PersonId, from: Option<NaiveDate>) -> Result<Vec<Total>, DbError> {
    let since = from.and_then(|from| from.checked_sub_days(Days::new(MOST_DAYS)));
    Ok(db::prepared(
        "SELECT received_on, pay_day, fixed_pay_on, sum(amount)::bigint AS amount, \
             count(*) FILTER (WHERE fix_decision_id IS NULL) AS units \
         FROM earnings WHERE person_id = $1 AND ($2 IS NULL OR received_on >= $2 OR fixed_pay_on >= $3) \
         GROUP BY received_on, pay_day, fixed_pay_on",
    )
    .bind::<BigInt, _>(person)
    .bind::<Nullable<Date>, _>(since)
    .bind::<Nullable<Date>, _>(from)
    .load(tx.conn())?)
}

/// What is certain for everybody together, by what its pay day follows from: the month of the receipt and the agreed day.
#[derive(QueryableByName)]
struct MonthTotal {
    #[diesel(sql_type = Date)]
    month: NaiveDate,
    #[diesel(sql_type = SmallInt)]
    pay_day: i16,
    #[diesel(sql_type = Nullable<Date>)]
    fixed_pay_on: Option<NaiveDate>,
    #[diesel(sql_type = Array<BigInt>)]
    people: Vec<PersonId>,
    #[diesel(sql_type = BigInt)]
    amount: Yen,
    #[diesel(sql_type = BigInt)]
    units: i64,
}

/// What the town pays, by pay day, the earliest first: some for each month. With `from` only that day and later.
pub fn pay_days(tx: &mut Tx<'_>, from: Option<NaiveDate>) -> Result<Vec<PaidTotal>, DbError> {
    let since = from.and_then(|from| from.checked_sub_days(Days::new(MOST_DAYS)));
    let rows: Vec<MonthTotal> = db::prepared(
        "SELECT date_trunc('month', received_on)::date AS month, pay_day, fixed_pay_on, \
             array_agg(DISTINCT person_id) AS people, sum(amount)::bigint AS amount, \
             count(*) FILTER (WHERE fix_decision_id IS NULL) AS units \
         FROM earnings \
         WHERE ($1 IS NULL OR received_on >= date_trunc('month', $1)::date OR fixed_pay_on >= $2) \
         GROUP BY month, pay_day, fixed_pay_on",
    )
    .bind::<Nullable<Date>, _>(since)
    .bind::<Nullable<Date>, _>(from)
    .load(tx.conn())?;
    let mut days: BTreeMap<NaiveDate, (BTreeSet<PersonId>, i64, Yen)> = BTreeMap::new();
    for row in rows {
        // A fixed day comes after the receipt, and so after the first of its month.
        let on = PayRule::stored(row.pay_day, row.fixed_pay_on).of_receipt(row.month);
        let (people, units, amount) = days.entry(on).or_default();
        people.extend(row.people);
        *units += row.units;
        *amount = Yen(amount.0 + row.amount.0);
    }
    let wanted = days.into_iter().filter(|(on, _)| from.is_none_or(|from| *on >= from));
    let total = |(on, (people, units, amount)): (NaiveDate, (BTreeSet<PersonId>, i64, Yen))| {
        let people = i64::try_from(people.len()).unwrap_or(i64::MAX);
        PaidTotal { on, people, units, amount }
    };
    Ok(wanted.map(total).collect())
}

#[derive(QueryableByName)]
struct PersonTotal {
    #[diesel(sql_type = BigInt)]
    person_id: PersonId,
    #[diesel(sql_type = SmallInt)]
    pay_day: i16,
    #[diesel(sql_type = Nullable<Date>)]
    fixed_pay_on: Option<NaiveDate>,
    #[diesel(sql_type = BigInt)]
    amount: Yen,
    #[diesel(sql_type = BigInt)]
    units: i64,
}

/// Who is paid what on a day; everybody, by person.
pub fn paid_on(tx: &mut Tx<'_>, on: NaiveDate) -> Result<Vec<PaidPerson>, DbError> {
    let this_month = on.with_day(1).unwrap_or(on);
    // A bank day at or before the tenth or later is in the same month, so its receipts were in the month before.
    let month = this_month.checked_sub_months(Months::new(1)).unwrap_or(this_month);
    let rows: Vec<PersonTotal> = db::prepared(
        "SELECT person_id, pay_day, fixed_pay_on, sum(amount)::bigint AS amount, \
             count(*) FILTER (WHERE fix_decision_id IS NULL) AS units \
         FROM earnings WHERE fixed_pay_on = $3 \
             OR (fixed_pay_on IS NULL AND received_on >= $1 AND received_on < $2) \
         GROUP BY person_id, pay_day, fixed_pay_on",
    )
    .bind::<Date, _>(month)
    .bind::<Date, _>(this_month)
    .bind::<Date, _>(on)
    .load(tx.conn())?;
    let mut people: BTreeMap<PersonId, PaidPerson> = BTreeMap::new();
    let paid = |row: &PersonTotal| PayRule::stored(row.pay_day, row.fixed_pay_on).of_receipt(month) == on;
    for row in rows.into_iter().filter(paid) {
        let nothing = PaidPerson { person: row.person_id, units: 0, amount: Yen::ZERO };
        let one = people.entry(row.person_id).or_insert(nothing);
        one.units += row.units;
        one.amount = Yen(one.amount.0 + row.amount.0);
    }
    Ok(people.into_values().collect())
}

/// Adds what lies before review.
fn unchecked(tx: &mut Tx<'_>, person: PersonId, days: &mut PayDays) -> Result<(), DbError> {
    let waiting: Vec<(UnitId, Yen, i16, Option<NaiveDate>)> = units::table
        .inner_join(jobs::table.on(jobs::id.eq(units::job_id)))
        .filter(units::holder_id.eq(person))
        .filter(units::state.eq_any(UnitState::TO_REVIEW))
        .select((units::id, jobs::unit_pay, jobs::pay_day, jobs::fixed_pay_on))
        .load(tx.conn())?;
    let ids: Vec<UnitId> = waiting.iter().map(|(unit, ..)| *unit).collect();
    let (earned, received) = (of_person(tx, person, &ids)?, received_on(tx, &ids)?);
    let mut fixes = paid_fixes(tx, &ids)?;
    for (unit, pay, pay_day, fixed) in waiting {
        let paid_on = |receipt| PayRule::stored(pay_day, fixed).of_receipt(receipt);
        let is_earned =
            earned.get(&unit).is_some_and(|all| all.iter().any(|one| one.kind == EarningKind::Unit));
        if let Some(receipt) = received.get(&unit).filter(|_| !is_earned) {
            days.expect(paid_on(*receipt), pay, 1);
        }
        for fix in fixes.remove(&unit).unwrap_or_default() {
            if let Some(receipt) = fix.received_on() {
                days.expect(paid_on(receipt), fix.pay, 0);
            }
        }
    }
    handed_over(tx, person, days)?;
    appealed::expect(tx, person, days)
}

/// Adds the shares, as their maker thinks, of parts that were handed over and that nobody has decided yet.
fn handed_over(tx: &mut Tx<'_>, person: PersonId, days: &mut PayDays) -> Result<(), DbError> {
    for part in hand_overs::waiting_of(tx, person)? {
        days.expect(part.part.pay_on(), share_of(part.part.unit_pay, part.part.tenths), 1);
    }
    Ok(())
}

#[derive(QueryableByName)]
struct Received {
    #[diesel(sql_type = BigInt)]
    unit_id: UnitId,
    #[diesel(sql_type = Timestamptz)]
    at: DateTime<Utc>,
}

/// The day of receipt from which the payment of units that are not earned yet will count, for those whose holder handed
/// in: their first version, or the first after the last one that was sent back through their own fault.
pub(crate) fn received_on(tx: &mut Tx<'_>, ids: &[UnitId]) -> Result<HashMap<UnitId, NaiveDate>, DbError> {
    let rows: Vec<Received> = db::prepared(format!(
        "SELECT s.unit_id, min(s.submitted_at) AS at FROM submissions s \
         JOIN units u ON u.id = s.unit_id AND u.holder_id = s.maker_id \
         WHERE s.unit_id = ANY ($1) AND {NOT_SENT_BACK} GROUP BY s.unit_id"
    ))
    .bind::<Array<BigInt>, _>(ids.to_vec())
    .load(tx.conn())?;
    Ok(rows.into_iter().map(|row| (row.unit_id, date_in_japan(row.at))).collect())
}

/// What a decision pays for a fix that is not earned yet, with the day the fixed version was received.
#[derive(QueryableByName)]
pub(crate) struct PaidFix {
    #[diesel(sql_type = BigInt)]
    unit_id: UnitId,
    #[diesel(sql_type = BigInt)]
    pub(crate) pay: Yen,
    #[diesel(sql_type = BigInt)]
    pub(crate) terms_notice: TermsNoticeId,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    at: Option<DateTime<Utc>>,
}

impl PaidFix {
    pub(crate) fn received_on(&self) -> Option<NaiveDate> {
        self.at.map(date_in_japan)
    }
}

/// What the holders of units will be paid for fixes beside the units' own pay, the oldest first. Each is a line of its
/// own under terms of its own, so its receipt is the first version handed in after it was decided and not sent back
/// through the holder's fault.
pub(crate) fn paid_fixes(tx: &mut Tx<'_>, ids: &[UnitId]) -> Result<HashMap<UnitId, Vec<PaidFix>>, DbError> {
    let rows: Vec<PaidFix> = db::prepared(format!(
        "SELECT d.unit_id, d.extra_pay AS pay, d.terms_notice_id AS terms_notice, \
             (SELECT min(s.submitted_at) FROM submissions s \
              WHERE s.unit_id = d.unit_id AND s.maker_id = u.holder_id AND {MADE_FOR_IT} \
                  AND {NOT_SENT_BACK}) AS at \
         FROM fix_decisions d JOIN units u ON u.id = d.unit_id JOIN terms_notices t ON t.id = d.terms_notice_id \
         WHERE d.unit_id = ANY ($1) AND EXISTS (SELECT 1 FROM assignments a \
             WHERE a.unit_id = d.unit_id AND a.worker_id = t.worker_id AND a.person_id = u.holder_id) \
             AND NOT EXISTS (SELECT 1 FROM earnings e WHERE e.fix_decision_id = d.id) \
         ORDER BY d.id"
    ))
    .bind::<Array<BigInt>, _>(ids.to_vec())
    .load(tx.conn())?;
    let mut paid: HashMap<UnitId, Vec<PaidFix>> = HashMap::new();
    for row in rows {
        paid.entry(row.unit_id).or_default().push(row);
    }
    Ok(paid)
}
