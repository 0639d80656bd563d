//! `/cash`: what comes in from clients and goes out to workers, month by month.

use std::rc::Rc;

use actix_web::HttpResponse;
use chrono::{Months, NaiveDate};
use db::{DbError, Tx};
use fulfillment::invoices::{self, CashMonth};
use fulfillment::shares;
use kernel::{Yen, date_in_japan};
use serde::Serialize;

use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::phrases::said;
use crate::shell::Crumb;

#[derive(Serialize)]
struct CashPage {
    title: String,
    crumbs: Vec<Crumb>,
    answer: String,
    /// What clients accepted and were not asked for; empty where nothing.
    unbilled: String,
    /// What is left to be paid to partner towns, with tax; empty where nothing.
    partners: String,
    rows: Vec<Row>,
}

/// What the database says.
struct Facts {
    months: Vec<CashMonth>,
    unbilled: Yen,
    partners: Yen,
    today: NaiveDate,
}

fn facts(tx: &mut Tx<'_>) -> Result<Facts, DbError> {
    Ok(Facts {
        months: invoices::cash(tx)?,
        unbilled: invoices::unbilled(tx)?.iter().map(|one| one.amount).sum(),
        partners: shares::to_pay(tx)?,
        today: date_in_japan(tx.now()),
    })
}

#[derive(Serialize)]
struct Row {
    month: String,
    received: String,
    expected: String,
    /// What goes back to clients; empty where nothing does.
    returned: String,
    paid: String,
    withheld: String,
    unclosed: String,
    gap: String,
    is_short: bool,
    sum: String,
}

/// `GET /cash`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let Facts { months, unbilled, partners, today } = call.db(facts).await?;
    let language = call.language;
    let beside = |key: &str, amount: Yen| match amount {
        Yen::ZERO => String::new(),
        some => said(&call, key, [("amount", &format::yen(language, some))]),
    };
    let mut sum = Yen::ZERO;
    let mut rows = Vec::new();
    // The oldest first: what there is in the end of a month is what there was before and what the month brought.
    for one in &months {
        sum = Yen(sum.0 + one.gap().0);
        rows.push(Row {
            month: format::year_month(language, one.month),
            received: format::yen(language, one.received),
            expected: format::yen(language, one.expected),
            returned: returned(&call, one),
            paid: format::yen(language, one.paid),
            withheld: format::yen(language, one.withheld),
            unclosed: format::yen(language, one.unclosed),
            gap: format::yen(language, one.gap()),
            is_short: sum < Yen::ZERO,
            sum: format::yen(language, sum),
        });
    }
    let page = CashPage {
        title: call.text("cash-title"),
        crumbs: vec![Crumb::new(&call, "invoices-title", "/invoices")],
        answer: answer(&call, &months, today),
        unbilled: beside("cash-unbilled", unbilled),
        partners: beside("cash-partners", partners),
        rows,
    };
    call.page("invoices/cash.html", &page)
}

fn returned(call: &Call, one: &CashMonth) -> String {
    let amount = format::yen(call.language, one.returned);
    if one.returned == Yen::ZERO { String::new() } else { said(call, "cash-returned", [("amount", &amount)]) }
}

/// What is to be watched from this month on: nobody can still find money for a month that is over.
#[derive(Debug, PartialEq, Eq)]
enum Watch {
    /// All that came in until the end of this month does not pay all that goes out until then.
    Short(NaiveDate, Yen),
    /// More goes out than comes in within this month, and what came in before pays for it.
    Exceeds(NaiveDate, Yen),
    Nothing,
}

fn watch(months: &[CashMonth], today: NaiveDate) -> Watch {
    let mut sum = Yen::ZERO;
    let to_come: Vec<(NaiveDate, Yen, Yen)> = (months.iter())
        .map(|one| {
            sum = Yen(sum.0 + one.gap().0);
            (one.month, one.gap(), sum)
        })
        .filter(|(month, ..)| month.checked_add_months(Months::new(1)) > Some(today))
        .collect();
    let short = to_come.iter().min_by_key(|(.., sum)| *sum).filter(|(.., sum)| *sum < Yen::ZERO);
    if let Some((month, _, sum)) = short {
        return Watch::Short(*month, Yen(-sum.0));
    }
    match to_come.iter().min_by_key(|(_, gap, _)| *gap).filter(|(_, gap, _)| *gap < Yen::ZERO) {
        Some((month, gap, _)) => Watch::Exceeds(*month, Yen(-gap.0)),
        None => Watch::Nothing,
    }
}

fn answer(call: &Call, months: &[CashMonth], today: NaiveDate) -> String {
    let (key, month, amount) = match watch(months, today) {
        Watch::Short(month, amount) => ("cash-answer", month, amount),
        Watch::Exceeds(month, amount) => ("cash-answer-exceeds", month, amount),
        Watch::Nothing => return call.text("cash-answer-none"),
    };
    let amount = format::yen(call.language, amount);
    said(call, key, [("month", &format::year_month(call.language, month)), ("amount", &amount)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_short_only_where_what_came_in_before_does_not_pay_for_it() {
        let day = |month| NaiveDate::from_ymd_opt(2026, month, 1).unwrap();
        let month = |month, received, paid| CashMonth {
            month: day(month),
            received: Yen(received),
            expected: Yen::ZERO,
            returned: Yen::ZERO,
            paid: Yen(paid),
            withheld: Yen::ZERO,
            unclosed: Yen::ZERO,
        };
        let (rich, poor) = (month(4, 100_000, 0), month(4, 10_000, 0));
        let (late, none) = (month(5, 0, 30_000), month(6, 5_000, 5_000));
        let may = day(5);
        assert_eq!(watch(&[rich, late, none], may), Watch::Exceeds(may, Yen(30_000)));
        assert_eq!(watch(&[poor, late, none], may), Watch::Short(may, Yen(20_000)));
        assert_eq!(watch(&[rich, none], may), Watch::Nothing);
    }
}
