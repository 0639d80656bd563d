//! Money in and money out by month: workers are paid on their day whether clients pay on theirs or not, so the town has to have
//! it (MHLW guideline for self-employed telework; domain.md 3.2).

use std::collections::BTreeMap;

use chrono::NaiveDate;
use db::{DbError, Tx};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date};
use kernel::{TaxRate, Yen};

use super::model::{CashMonth, InvoiceFilter, month_of};
use crate::schema::client_payments;
use crate::statements;

/// Every month in which something came in or went out or is to, the earliest first. What is late counts for this month: it
/// is hoped for now.
pub fn cash(tx: &mut Tx<'_>) -> Result<Vec<CashMonth>, DbError> {
    let this_month = month_of(crate::today(tx));
    let mut months = Months::default();
    let in_of: Vec<(NaiveDate, Yen)> = client_payments::table
        .group_by(sql::<Date>("date_trunc('month', received_on)::date"))
        .select((sql::<Date>("date_trunc('month', received_on)::date"), sql::<BigInt>("sum(amount)::bigint")))
        .load(tx.conn())?;
    for (month, amount) in in_of {
        months.of(month).received.0 += amount.0;
    }
    for out in paid_out(tx, this_month)? {
        months.of(out.month).paid.0 += out.payable.0;
        months.of(next_month(out.month)).withheld.0 += out.withheld.0;
    }
    for invoice in open(tx)? {
        let month = month_of(invoice.due_on).max(this_month);
        months.of(month).expected.0 += invoice.rest().0;
    }
    months.of(this_month).returned = super::count_overpaid(tx)?.1;
    for (pay_on, amount) in statements::waiting_by_pay_day(tx)? {
        let month = month_of(pay_on).max(this_month);
        months.of(month).unclosed.0 += amount.0 + TaxRate::STANDARD.tax_on(amount).0;
    }
    months.0.retain(|_, month| *month != CashMonth::nothing(month.month));
    Ok(months.0.into_values().collect())
}

/// What statements of one month come to.
#[derive(QueryableByName)]
struct PaidOut {
    #[diesel(sql_type = Date)]
    month: NaiveDate,
    #[diesel(sql_type = BigInt)]
    payable: Yen,
    #[diesel(sql_type = BigInt)]
    withheld: Yen,
}

/// By the month in which they were paid or are to be: what is late is paid in this one, one hopes.
fn paid_out(tx: &mut Tx<'_>, this_month: NaiveDate) -> Result<Vec<PaidOut>, DbError> {
    Ok(diesel::sql_query(
        "SELECT date_trunc('month', COALESCE(s.paid_on, GREATEST(s.pay_on, $1)))::date AS month, \
             sum(s.payable)::bigint AS payable, sum(v.withheld)::bigint AS withheld \
         FROM statements s JOIN statement_versions v ON v.statement_id = s.id AND v.number = s.version GROUP BY 1",
    )
    .bind::<Date, _>(this_month)
    .load(tx.conn())?)
}

fn next_month(month: NaiveDate) -> NaiveDate {
    month.checked_add_months(chrono::Months::new(1)).unwrap_or(month)
}

fn open(tx: &mut Tx<'_>) -> Result<Vec<super::Invoice>, DbError> {
    let (mut all, mut paging) = (Vec::new(), kernel::Paging::first(100));
    loop {
        let page = super::list(tx, InvoiceFilter::Open, None, &paging)?;
        all.extend(page.items);
        let Some(next) = page.next else { return Ok(all) };
        paging.after = Some(next);
    }
}

#[derive(Default)]
struct Months(BTreeMap<NaiveDate, CashMonth>);

impl Months {
    fn of(&mut self, month: NaiveDate) -> &mut CashMonth {
        self.0.entry(month).or_insert(CashMonth::nothing(month))
    }
}
