//! `/invoices`: what clients are asked for, what came in and who is late; and one invoice.

use std::collections::HashMap;
use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use chrono::NaiveDate;
use clients::companies;
use db::{DbError, Tx};
use fulfillment::credits::{self, WholeCredit};
use fulfillment::invoice_sendings::{self, SentInvoice};
use fulfillment::invoices::{
    self, BillInput, Invoice, InvoiceFilter, InvoiceId, InvoiceKey, LateInvoice, PaymentInput, Unbilled,
    WholeInvoice,
};
use fulfillment::statements::last_month_end;
use kernel::{Bound, CompanyId, Language, Page, Paging, Typed, Yen, date_in_japan};
use serde::{Deserialize, Serialize};

use super::paper::supplied;
use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::forms::{Form, FormView};
use crate::orders::parts::{self, Choice, Tab};
use crate::paths;
use crate::phrases::{address, said};
use crate::routes::may_get;
use crate::shell::Crumb;

/// How many a page shows.
const ROWS: u16 = 50;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ListQuery {
    show: Typed,
    after: Typed,
}

#[derive(Serialize)]
struct ListPage {
    title: String,
    answer: String,
    may_write: bool,
    unbilled: Vec<ToBill>,
    /// The clients of those.
    clients: Vec<Choice>,
    form: FormView,
    late: Vec<Late>,
    tabs: Vec<Tab>,
    rows: Vec<Row>,
    next: String,
    first: String,
}

#[derive(Serialize)]
struct ToBill {
    name: String,
    amount: String,
    since: String,
}

#[derive(Serialize)]
struct Late {
    name: String,
    href: String,
    due: format::Due,
    rest: String,
    advanced: String,
}

#[derive(Serialize)]
struct Row {
    id: String,
    name: String,
    href: String,
    number: String,
    state: &'static str,
    due_on: String,
    total: String,
    rest: String,
}

struct Facts {
    list: Page<Invoice, InvoiceKey>,
    open: (i64, Yen),
    unbilled: Vec<Unbilled>,
    late: Vec<LateInvoice>,
    names: HashMap<CompanyId, String>,
    now: chrono::DateTime<chrono::Utc>,
}

fn facts(tx: &mut Tx<'_>, filter: InvoiceFilter, paging: &Paging<InvoiceKey>) -> Result<Facts, DbError> {
    let unbilled = invoices::unbilled(tx)?;
    let ids: Vec<CompanyId> = unbilled.iter().map(|one| one.company_id).collect();
    Ok(Facts {
        list: invoices::list(tx, filter, None, paging)?,
        open: invoices::count_open(tx)?,
        late: invoices::overdue(tx)?,
        names: companies::names(tx, &ids)?,
        now: tx.now(),
        unbilled,
    })
}

async fn render_list(
    call: &Call,
    form: Option<&Form>,
    failure: Option<&Failure>,
) -> Result<HttpResponse, Failure> {
    let query: ListQuery = call.query();
    let filter = parts::word_of(&query.show).unwrap_or(InvoiceFilter::Open);
    let after = format::read_page_key::<InvoiceKey>(query.after.as_str());
    let paging = Paging { after, ..Paging::first(ROWS) };
    let facts = call.db(move |tx| facts(tx, filter, &paging)).await?;
    let (language, today) = (call.language, date_in_japan(facts.now));
    let fresh = Form::default().preset("closed_on", last_month_end(today));
    let here =
        |show: InvoiceFilter, key: &str| address("/invoices", &[("show", show.as_str()), ("after", key)]);
    let tab = |show: &InvoiceFilter| Tab {
        label: call.text(&parts::text_key("invoices-show", show.as_str())),
        href: here(*show, ""),
        current: *show == filter,
    };
    let name = |one: &Unbilled| facts.names.get(&one.company_id).cloned().unwrap_or_default();
    let to_bill = |one: &Unbilled| ToBill {
        name: name(one),
        amount: format::yen(language, one.amount),
        since: format::full_date(language, one.since),
    };
    let late = |one: &LateInvoice| Late {
        name: one.invoice.company_name.clone(),
        href: format!("/invoices/{}", one.invoice.id),
        due: format::due(language, facts.now, one.invoice.due_on),
        rest: format::yen(language, one.invoice.rest()),
        advanced: format::yen(language, one.advanced),
    };
    let page = ListPage {
        title: call.text("invoices-title"),
        answer: answer(call, facts.open, facts.late.len()),
        may_write: may_get(call, "/statements"),
        unbilled: facts.unbilled.iter().map(to_bill).collect(),
        clients: facts.unbilled.iter().map(|one| Choice::new(one.company_id, name(one))).collect(),
        form: form.unwrap_or(&fresh).view(call, failure),
        late: facts.late.iter().map(late).collect(),
        tabs: InvoiceFilter::ALL.iter().map(tab).collect(),
        rows: facts.list.items.iter().map(|one| row(call, one, today)).collect(),
        next: facts.list.next.as_ref().map(|key| here(filter, &format::page_key(key))).unwrap_or_default(),
        first: if after.is_some() { here(filter, "") } else { String::new() },
    };
    call.page_with(failure.map_or(StatusCode::OK, Failure::status), "invoices/index.html", &page)
}

fn row(call: &Call, one: &Invoice, today: NaiveDate) -> Row {
    Row {
        id: format!("invoice-{}", one.id),
        name: one.company_name.clone(),
        href: format!("/invoices/{}", one.id),
        number: said(call, "bill-number-of", [("number", &one.number.to_string())]),
        state: one.state(today).as_str(),
        due_on: format::full_date(call.language, one.due_on),
        total: format::yen(call.language, one.total),
        rest: format::yen(call.language, one.rest()),
    }
}

fn answer(call: &Call, (count, rest): (i64, Yen), late: usize) -> String {
    if count == 0 {
        return call.text("invoices-answer-none");
    }
    let words = [
        ("count", format::count(count)),
        ("amount", format::yen(call.language, rest)),
        ("late", format::count(i64::try_from(late).unwrap_or(i64::MAX))),
    ];
    said(call, "invoices-answer", words.each_ref().map(|(name, text)| (*name, text.as_str())))
}

/// `GET /invoices`
pub(crate) async fn index(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    render_list(&call, None, None).await
}

/// `POST /invoices`
pub(crate) async fn bill(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let form = call.form();
    let input: BillInput = form.input()?;
    match call.db(move |tx| invoices::bill_all(tx, &input)).await {
        Ok(issued) => match issued.as_slice() {
            [one] => Ok(call.done(format!("/invoices/{}", one.id), "done-invoice-issued")),
            _several => Ok(call.done("/invoices", "done-invoices-issued")),
        },
        Err(failure) if parts::stays(&failure) => render_list(&call, Some(&form), Some(&failure)).await,
        Err(failure) => Err(failure),
    }
}

#[derive(Serialize)]
struct OnePage {
    title: String,
    crumbs: Vec<Crumb>,
    answer: String,
    /// Whether nothing is left to be paid: then it goes out as a copy.
    is_settled: bool,
    state: &'static str,
    here: String,
    may_write: bool,
    company_href: String,
    company_name: String,
    issuer_name: String,
    issuer_address: String,
    registration_number: String,
    /// Where it is paid to; empty where the invoice says none.
    bank_account: String,
    closed_on: String,
    /// The period of supply.
    supplied: String,
    issued_on: String,
    due_on: String,
    /// Whether something on it is taxed at the reduced rate.
    has_reduced: bool,
    /// Whether some order's share was split over its rates by proportion.
    by_proportion: bool,
    lines: Vec<Line>,
    rates: Vec<RateRow>,
    amount: String,
    tax: String,
    total: String,
    received: String,
    /// Something came in, which may be taken back.
    has_received: bool,
    /// What was returned; empty where nothing was.
    credited: String,
    rest: String,
    /// What came in beyond what is asked and goes back; empty where nothing does.
    to_return: String,
    sha256: String,
    payments: Vec<PaymentRow>,
    credits: Vec<CreditRow>,
    can_credit: bool,
    sent: Vec<SentRow>,
    /// Whether a link to it is open.
    is_out: bool,
    form: FormView,
}

/// A return of the invoice.
#[derive(Serialize)]
struct CreditRow {
    title: String,
    href: String,
    total: String,
    day: String,
    reason: String,
}

/// To whom it was sent.
#[derive(Serialize)]
struct SentRow {
    what: String,
    opened: String,
    /// Whether the link was withdrawn.
    is_gone: bool,
}

#[derive(Serialize)]
struct Line {
    title: String,
    href: String,
    rate: String,
    /// 消費税法57条の4: what is taxed at the reduced rate is marked.
    is_reduced: bool,
    amount: String,
}

#[derive(Serialize)]
struct RateRow {
    label: String,
    amount: String,
    tax: String,
}

#[derive(Serialize)]
struct PaymentRow {
    day: String,
    amount: String,
    note: String,
}

async fn render(call: &Call, form: &Form, failure: Option<&Failure>) -> Result<HttpResponse, Failure> {
    let id: InvoiceId = call.id("id")?;
    let language = call.language;
    let seen = call.db(move |tx| seen(tx, id, language)).await?;
    let page = one(call, &seen, form.view(call, failure));
    call.page_with(failure.map_or(StatusCode::OK, Failure::status), "invoices/show.html", &page)
}

/// An invoice with what its page needs around it.
struct Seen {
    whole: WholeInvoice,
    credits: Vec<WholeCredit>,
    sent: Vec<(SentInvoice, String)>,
    now: chrono::DateTime<chrono::Utc>,
}

fn seen(tx: &mut Tx<'_>, id: InvoiceId, language: Language) -> Result<Seen, DbError> {
    let mut sent = Vec::new();
    for one in invoice_sendings::of_invoice(tx, id)? {
        let contact = clients::contacts::find(tx, one.sending.contact_id)?;
        sent.push((one, contact.salutation(language)));
    }
    Ok(Seen { whole: invoices::whole(tx, id)?, credits: credits::of_invoice(tx, id)?, sent, now: tx.now() })
}

fn credit_row(call: &Call, whole: &WholeCredit) -> CreditRow {
    let credit = &whole.credit;
    CreditRow {
        title: said(call, "credit-title", [("number", &credit.number.to_string())]),
        href: format!("/credits/{}", credit.id),
        total: format::yen(call.language, credit.total),
        day: format::full_date(call.language, credit.issued_on),
        reason: credit.reason.clone(),
    }
}

fn sent_row(call: &Call, sent: &SentInvoice, name: &str) -> SentRow {
    let when = format::moment(call.language, sent.sending.sent_at);
    let key = if sent.sending.credit_id.is_some() { "credit-sent-to" } else { "bill-sent-to" };
    let opened = match sent.last_opened_at {
        Some(at) => said(call, "bill-opened", [("when", &format::moment(call.language, at))]),
        None => call.text("bill-not-opened"),
    };
    SentRow {
        what: said(call, key, [("name", name), ("when", when.as_str())]),
        opened,
        is_gone: sent.sending.withdrawn_at.is_some(),
    }
}

/// What an invoice is called.
pub(super) fn title(call: &Call, invoice: &Invoice) -> String {
    said(call, "bill-title", [("number", &invoice.number.to_string())])
}

/// Where an invoice stands, in a sentence: what is left of it to come in or to go back, and until when.
fn standing(call: &Call, invoice: &Invoice) -> String {
    let rest = invoice.rest();
    let key = match rest.0 {
        0 if invoice.credited == invoice.total => "bill-answer-credited",
        0 => "bill-answer-paid",
        1.. if rest < invoice.total => "bill-answer-rest",
        1.. => "bill-answer",
        _ => "bill-answer-over",
    };
    let amount =
        format::yen(call.language, if rest == Yen::ZERO { invoice.total } else { Yen(rest.0.abs()) });
    let day = format::full_date(call.language, invoice.due_on);
    said(call, key, [("name", invoice.company_name.as_str()), ("amount", &amount), ("day", &day)])
}

fn one(call: &Call, seen: &Seen, form: FormView) -> OnePage {
    let (whole, today) = (&seen.whole, date_in_japan(seen.now));
    let (invoice, language) = (&whole.invoice, call.language);
    let (yen, day) = (|amount| format::yen(language, amount), |day| format::full_date(language, day));
    OnePage {
        title: title(call, invoice),
        crumbs: vec![Crumb::new(call, "invoices-title", "/invoices")],
        answer: standing(call, invoice),
        is_settled: invoice.rest() <= Yen::ZERO,
        state: invoice.state(today).as_str(),
        here: format!("/invoices/{}", invoice.id),
        may_write: may_get(call, "/statements"),
        company_href: if may_get(call, "/companies/{id}") {
            paths::company(invoice.company_id)
        } else {
            String::new()
        },
        company_name: invoice.company_name.clone(),
        issuer_name: invoice.issuer_name.clone(),
        issuer_address: invoice.issuer_address.clone(),
        registration_number: invoice.registration_number.clone(),
        bank_account: invoice.bank_account.clone(),
        closed_on: day(invoice.closed_on),
        supplied: supplied(call, invoice.supplied_from, invoice.supplied_to),
        has_reduced: whole.rates.iter().any(|rate| rate.tax_rate == fulfillment::tax::REDUCED),
        by_proportion: whole.lines.iter().any(|line| line.by_proportion),
        issued_on: day(invoice.issued_on),
        due_on: day(invoice.due_on),
        lines: whole
            .lines
            .iter()
            .map(|line| Line {
                title: line.title.clone(),
                href: if may_get(call, "/orders/{id}") { paths::order(line.order_id) } else { String::new() },
                rate: said(call, "bill-percent", [("rate", &line.tax_rate.0.to_string())]),
                is_reduced: line.tax_rate == fulfillment::tax::REDUCED,
                amount: yen(line.amount),
            })
            .collect(),
        rates: whole
            .rates
            .iter()
            .map(|rate| RateRow {
                label: said(call, "bill-rate", [("rate", &rate.tax_rate.0.to_string())]),
                amount: yen(rate.amount),
                tax: yen(rate.tax),
            })
            .collect(),
        amount: yen(invoice.amount),
        tax: yen(invoice.tax),
        total: yen(invoice.total),
        received: yen(invoice.received),
        has_received: invoice.received > Yen::ZERO,
        credited: if invoice.credited > Yen::ZERO { yen(invoice.credited) } else { String::new() },
        rest: yen(invoice.rest().max(Yen::ZERO)),
        to_return: if invoice.rest() < Yen::ZERO { yen(Yen(-invoice.rest().0)) } else { String::new() },
        sha256: invoice.sha256.clone(),
        credits: seen.credits.iter().map(|credit| credit_row(call, credit)).collect(),
        can_credit: invoice.credited < invoice.total,
        sent: seen.sent.iter().map(|(sent, name)| sent_row(call, sent, name)).collect(),
        is_out: seen
            .sent
            .iter()
            .any(|(one, _)| one.sending.withdrawn_at.is_none() && one.sending.expires_at > seen.now),
        payments: whole
            .payments
            .iter()
            .map(|payment| PaymentRow {
                day: day(payment.received_on),
                amount: yen(payment.amount),
                note: payment.note.clone(),
            })
            .collect(),
        form,
    }
}

/// `GET /invoices/{id}`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    render(&call, &Form::default(), None).await
}

/// `POST /invoices/{id}/payments`
pub(crate) async fn receive(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: InvoiceId = call.id("id")?;
    let form = call.form();
    let input: PaymentInput = form.input()?;
    // Two clicks or a page sent again are one payment.
    let received = call
        .once(&form, move |tx| invoices::receive(tx, id, &input).map(|_invoice| format!("/invoices/{id}")));
    match received.await {
        Ok(invoice) => Ok(call.done(invoice, "done-invoice-received")),
        Err(failure) if parts::stays(&failure) => {
            let failure = said_of_less(&call, id, failure).await?;
            render(&call, &form, Some(&failure)).await
        }
        Err(failure) => Err(failure),
    }
}

/// Where less was entered than can be, the refusal says what can: what came in, and what of that goes back.
async fn said_of_less(call: &Call, id: InvoiceId, failure: Failure) -> Result<Failure, Failure> {
    let is_less = failure
        .fields
        .first()
        .is_some_and(|first| first.field == "amount" && matches!(first.bound, Some(Bound::Least(_))));
    if !is_less {
        return Ok(failure);
    }
    let received = call.db(move |tx| invoices::find(tx, id)).await?.received;
    let words = if received > Yen::ZERO {
        said(call, "bill-amount-less", [("most", &format::yen(call.language, received))])
    } else {
        call.text("bill-amount-none-yet")
    };
    Ok(failure.in_words(Some(words)))
}
