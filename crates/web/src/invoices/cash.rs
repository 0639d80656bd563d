//! `/cash`: what comes in from clients and goes out to workers, month by month.

use std::rc::Rc;

use actix_web::HttpResponse;
use chrono::{Months, NaiveDate};
use db::DbError;
use fulfillment::invoices::{self, CashMonth};
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
    rows: Vec<Row>,
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
    let (months, today) =
        call.db(|tx| -> Result<_, DbError> { Ok((invoices::cash(tx)?, date_in_japan(tx.now()))) }).await?;
    let language = call.language;
    let mut sum = Yen::ZERO;
    let mut rows = Vec::new();
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
            is_short: one.gap() < Yen::ZERO,
            sum: format::yen(language, sum),
        });
    }
    // The newest first, as people look for it.
    rows.reverse();
    let page = CashPage {
        title: call.text("cash-title"),
        crumbs: vec![Crumb::new(&call, "invoices-title", "/invoices")],
        answer: answer(&call, &months, today),
        rows,
    };
    call.page("invoices/cash.html", &page)
}

fn returned(call: &Call, one: &CashMonth) -> String {
    let amount = format::yen(call.language, one.returned);
    if one.returned == Yen::ZERO { String::new() } else { said(call, "cash-returned", [("amount", &amount)]) }
}

/// The month that is most short from this one on, in one sentence: nobody can still find money for one that is over.
fn answer(call: &Call, months: &[CashMonth], today: NaiveDate) -> String {
    let to_come = months.iter().filter(|one| one.month.checked_add_months(Months::new(1)) > Some(today));
    let worst = to_come.min_by_key(|month| month.gap()).filter(|month| month.gap() < Yen::ZERO);
    let Some(worst) = worst else { return call.text("cash-answer-none") };
    let amount = format::yen(call.language, Yen(-worst.gap().0));
    said(
        call,
        "cash-answer",
        [("month", &format::year_month(call.language, worst.month)), ("amount", &amount)],
    )
}
