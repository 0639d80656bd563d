//! A client's page of an invoice: what it asks for, what was returned of it and what is left to pay, to be read and printed. Nothing is
//! answered here.

use std::rc::Rc;

use accounts::OrgSecret;
use actix_web::HttpResponse;
use db::Tx;
use fulfillment::invoice_sendings::{self, ClientInvoice};
use kernel::{Yen, date_in_japan};
use serde::Serialize;

use super::link;
use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::invoices::paper::Paper;
use crate::my_units::ask::{Ask, Desk};
use crate::phrases::said;

#[derive(Serialize)]
struct BillPage {
    title: String,
    town: String,
    /// What is to be paid by when, or that nothing is.
    answer: String,
    sent: String,
    message: String,
    /// What came in and was returned; empty where nothing was.
    received: String,
    credited: String,
    rest: String,
    /// What goes back to the client; empty where nothing does.
    over: String,
    /// Where the town is asked about it.
    ask: Option<Ask>,
    paper: Paper,
    credits: Vec<Paper>,
}

/// `GET /b/{secret}`
pub(crate) async fn enter(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let answer = link::enter(&call);
    link::friendly(&call, answer)
}

/// `GET /bill`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let answer = look(&call).await;
    link::friendly(&call, answer)
}

fn open(tx: &mut Tx<'_>, secret: &OrgSecret) -> Result<ClientInvoice, Failure> {
    let seen = invoice_sendings::open(tx, secret)?;
    let about = format!("bill:{}", seen.sending.id);
    notifier::messages::link_used(tx, seen.sending.contact_id, &about)?;
    Ok(seen)
}

async fn look(call: &Call) -> Result<HttpResponse, Failure> {
    let seen = link::run(call, open).await?;
    call.page("client/bill.html", &page(call, &seen))
}

fn page(call: &Call, seen: &ClientInvoice) -> BillPage {
    let (invoice, language) = (&seen.whole.invoice, call.language);
    let yen = |amount: Yen| format::yen(language, amount);
    let some = |amount: Yen| if amount == Yen::ZERO { String::new() } else { yen(amount) };
    let rest = invoice.rest();
    let (left, day) = (yen(Yen(rest.0.abs())), format::full_date(language, invoice.due_on));
    let words = [("town", seen.town.as_str()), ("amount", &left), ("day", &day)];
    let key = match rest.0 {
        0 => "client-bill-nothing",
        1.. => "client-bill-answer",
        _ => "client-bill-over",
    };
    let title = said(call, "client-bill-title", [("number", &invoice.number.to_string())]);
    let subject = said(call, "client-bill-subject", [("bill", &title)]);
    BillPage {
        ask: Ask::with_subject(call, &Desk::of(&seen.email, &seen.phone), &subject),
        title,
        town: seen.town.clone(),
        answer: said(call, key, words),
        sent: format::full_date(language, date_in_japan(seen.sending.sent_at)),
        message: seen.sending.message.clone(),
        received: some(invoice.received),
        credited: some(invoice.credited),
        rest: yen(rest),
        over: if rest < Yen::ZERO { left.clone() } else { String::new() },
        paper: Paper::of_invoice(call, &seen.whole),
        credits: seen.credits.iter().map(|credit| Paper::of_credit(call, credit)).collect(),
    }
}
