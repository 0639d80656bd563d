//! What is paid for a share, and `POST /shares/{id}/payments`: what goes to a partner is written down here, and what comes from
//! one comes in for an invoice.

use std::rc::Rc;

use actix_web::HttpResponse;
use chrono::NaiveDate;
use fulfillment::invoices::Invoice;
use fulfillment::shares::{self, ShareId, SharePaymentInput, WholeShare};
use kernel::{Bound, Yen};
use serde::Serialize;

use super::pages;
use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::orders::parts;
use crate::phrases::said;

/// What goes to a partner for its part.
#[derive(Serialize)]
pub(super) struct MoneyOut {
    owed: String,
    paid: String,
    rest: String,
    /// More was paid than is owed; empty where it was not.
    to_return: String,
    /// Something was paid, which may be taken back.
    has_paid: bool,
    payments: Vec<PaymentRow>,
    /// Where it is written down.
    pay: String,
}

#[derive(Serialize)]
struct PaymentRow {
    amount: String,
    day: String,
    note: String,
}

impl MoneyOut {
    /// None where nothing is paid for it from here.
    pub(super) fn of(call: &Call, whole: &WholeShare) -> Option<Self> {
        let (share, language) = (&whole.share, call.language);
        let yen = |amount| format::yen(language, amount);
        share.is_paid_for().then(|| Self {
            owed: yen(whole.owed),
            paid: yen(share.paid),
            rest: yen(whole.open.max(Yen::ZERO)),
            to_return: if whole.open < Yen::ZERO { yen(Yen(-whole.open.0)) } else { String::new() },
            has_paid: share.paid > Yen::ZERO,
            payments: (whole.payments.iter())
                .map(|payment| PaymentRow {
                    amount: yen(payment.amount),
                    day: format::full_date(language, payment.paid_on),
                    note: payment.note.clone(),
                })
                .collect(),
            pay: format!("{}/payments", pages::path(share.id)),
        })
    }
}

/// An invoice that asks the sharing town for what was done.
#[derive(Serialize)]
pub(super) struct MoneyIn {
    title: String,
    href: String,
    state: &'static str,
    due: String,
    received: String,
}

impl MoneyIn {
    pub(super) fn of(call: &Call, invoice: &Invoice, today: NaiveDate) -> Self {
        let (received, total) =
            (format::yen(call.language, invoice.received), format::yen(call.language, invoice.total));
        let due = format::full_date(call.language, invoice.due_on);
        Self {
            title: said(call, "bill-title", [("number", &invoice.number.to_string())]),
            href: format!("/invoices/{}", invoice.id),
            state: invoice.state(today).as_str(),
            due: said(call, "shares-invoice-due", [("day", &due)]),
            received: said(call, "shares-invoice-received", [("received", &received), ("total", &total)]),
        }
    }
}

/// `POST /shares/{id}/payments`
pub(crate) async fn pay(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: ShareId = call.id("id")?;
    let form = call.form();
    let input: SharePaymentInput = form.input()?;
    // Two clicks or a page sent again are one payment.
    let paid = call.once(&form, move |tx| shares::pay(tx, id, &input).map(|_share| pages::path(id)));
    match paid.await {
        Ok(share) => Ok(call.done(share, "done-shares-paid")),
        Err(failure) if parts::stays(&failure) => {
            let failure = said_of_amount(&call, id, failure).await?;
            pages::render(&call, id, &form, Some(&failure)).await
        }
        Err(failure) => Err(failure),
    }
}

/// Where an amount cannot be, the refusal says which can: what is left to be paid, and what may be taken back.
async fn said_of_amount(call: &Call, id: ShareId, failure: Failure) -> Result<Failure, Failure> {
    let bound = failure.fields.first().filter(|first| first.field == "amount").and_then(|first| first.bound);
    let Some(bound) = bound else { return Ok(failure) };
    let share = call.db(move |tx| shares::find(tx, id)).await?;
    let yen = |amount| format::yen(call.language, amount);
    let words = match bound {
        Bound::Least(_) if share.paid > Yen::ZERO => {
            said(call, "shares-amount-less", [("most", &yen(share.paid))])
        }
        Bound::Least(_) => call.text("shares-amount-none-yet"),
        _ if share.may_be_paid() == Yen::ZERO => call.text("shares-amount-all"),
        _ => said(call, "shares-amount-more", [("most", &yen(share.may_be_paid()))]),
    };
    Ok(failure.in_words(Some(words)))
}
