//! Rows and writes of `order_outlooks`, which are made anew each night, and of `order_promises`, which are only inserted.

use chrono::{DateTime, NaiveDate, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::{OrderId, PersonId};

use super::model::{Basis, Cause, Days, Gap, Help, Outlook, Promise, RemedyKind};
use crate::schema::{order_outlooks, order_promises};

#[derive(Queryable, Selectable)]
#[diesel(table_name = order_outlooks)]
pub(super) struct OutlookRow {
    order_id: OrderId,
    reckoned_at: DateTime<Utc>,
    due_on: NaiveDate,
    minutes_left: i64,
    half_on: Option<NaiveDate>,
    promised_on: Option<NaiveDate>,
    nearly_on: Option<NaiveDate>,
    late_permille: i16,
    gap: Option<Gap>,
    remedy: Option<RemedyKind>,
    remedy_units: Option<i32>,
    remedy_from: Option<PersonId>,
    remedy_to: Option<PersonId>,
}

impl From<OutlookRow> for Outlook {
    fn from(row: OutlookRow) -> Self {
        let help = |kind| Help { kind, units: row.remedy_units, from: row.remedy_from, to: row.remedy_to };
        Self {
            order: row.order_id,
            reckoned_at: row.reckoned_at,
            due_on: row.due_on,
            minutes_left: row.minutes_left,
            days: Days {
                half_on: row.half_on,
                promised_on: row.promised_on,
                nearly_on: row.nearly_on,
                late_permille: row.late_permille,
                gap: row.gap,
            },
            help: row.remedy.map(help),
        }
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = order_promises)]
pub(super) struct PromiseRow {
    pub(super) id: i64,
    promised_on: Option<NaiveDate>,
    cause: Cause,
    made_at: DateTime<Utc>,
    due_on: NaiveDate,
    minutes_whole: i64,
    minutes_left: i64,
    minutes_offered: i64,
    late_permille: i16,
}

impl From<PromiseRow> for Promise {
    fn from(row: PromiseRow) -> Self {
        Self {
            promised_on: row.promised_on,
            cause: row.cause,
            made_at: row.made_at,
            late_permille: row.late_permille,
            basis: Basis {
                due_on: row.due_on,
                minutes_whole: row.minutes_whole,
                minutes_left: row.minutes_left,
                minutes_offered: row.minutes_offered,
            },
        }
    }
}

/// Writes how an order looks over how it looked before.
pub(super) fn put(tx: &mut Tx<'_>, outlook: &Outlook) -> Result<(), DbError> {
    let Outlook { days, help, .. } = outlook;
    let columns = (
        order_outlooks::reckoned_at.eq(outlook.reckoned_at),
        order_outlooks::due_on.eq(outlook.due_on),
        order_outlooks::minutes_left.eq(outlook.minutes_left),
        order_outlooks::half_on.eq(days.half_on),
        order_outlooks::promised_on.eq(days.promised_on),
        order_outlooks::nearly_on.eq(days.nearly_on),
        order_outlooks::late_permille.eq(days.late_permille),
        order_outlooks::gap.eq(days.gap),
        order_outlooks::remedy.eq(help.map(|help| help.kind)),
        order_outlooks::remedy_units.eq(help.and_then(|help| help.units)),
        order_outlooks::remedy_from.eq(help.and_then(|help| help.from)),
        order_outlooks::remedy_to.eq(help.and_then(|help| help.to)),
    );
    diesel::insert_into(order_outlooks::table)
        .values((order_outlooks::order_id.eq(outlook.order), columns))
        .on_conflict((order_outlooks::organization_id, order_outlooks::order_id))
        .do_update()
        .set(columns)
        .execute(tx.conn())?;
    Ok(())
}

/// Takes away how orders looked that are not open any more; what was promised stays.
pub(super) fn keep_only(tx: &mut Tx<'_>, open: &[OrderId]) -> Result<(), DbError> {
    diesel::delete(order_outlooks::table.filter(order_outlooks::order_id.ne_all(open))).execute(tx.conn())?;
    Ok(())
}

pub(super) fn insert(
    tx: &mut Tx<'_>,
    order: OrderId,
    days: &Days,
    cause: Cause,
    basis: &Basis,
) -> Result<(), DbError> {
    let now = tx.now();
    diesel::insert_into(order_promises::table)
        .values((
            order_promises::order_id.eq(order),
            order_promises::promised_on.eq(days.promised_on),
            order_promises::cause.eq(cause),
            order_promises::made_at.eq(now),
            order_promises::due_on.eq(basis.due_on),
            order_promises::minutes_whole.eq(basis.minutes_whole),
            order_promises::minutes_left.eq(basis.minutes_left),
            order_promises::minutes_offered.eq(basis.minutes_offered),
            order_promises::late_permille.eq(days.late_permille),
        ))
        .execute(tx.conn())?;
    Ok(())
}
