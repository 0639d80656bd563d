//! Money in and money out by month: workers are paid on their day whether clients pay on theirs or not, so the town has to have
//! it (MHLW guideline for self-employed telework; domain.md 3.2).

use std::collections::BTreeMap;

use chrono::NaiveDate;
use db::{DbError, Tx};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date};
use kernel::Yen;

use super::model::{CashMonth, InvoiceFilter, month_of};
use crate::schema::{client_payments, statements as statement_rows};
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
    let out_of: Vec<(NaiveDate, Yen)> = statement_rows::table
        .group_by(sql::<Date>("date_trunc('month', COALESCE(paid_on, pay_on))::date"))
        .select((
            sql::<Date>("date_trunc('month', COALESCE(paid_on, pay_on))::date"),
            sql::<BigInt>("sum(payable)::bigint"),
        ))
        .load(tx.conn())?;
    for (month, amount) in out_of {
        months.of(month).paid.0 += amount.0;
    }
    for invoice in open(tx)? {
        let month = month_of(invoice.due_on).max(this_month);
        months.of(month).expected.0 += invoice.rest().0;
    }
    for waiting in statements::waiting(tx)? {
        months.of(month_of(waiting.first_pay_on)).unclosed.0 += waiting.amount.0;
    }
    Ok(months.0.into_values().collect())
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
        self.0.entry(month).or_insert(CashMonth {
            month,
            received: Yen::ZERO,
            expected: Yen::ZERO,
            paid: Yen::ZERO,
            unclosed: Yen::ZERO,
        })
    }
}
