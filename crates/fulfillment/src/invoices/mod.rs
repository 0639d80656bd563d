//! Invoices to clients (請求書): what a client accepted, asked for once, with tax rounded once for each rate; what came in for it;
//! and whether the town's money lasts until then.
//!
//! Invariants: every amount that was counted as accepted is asked for once (`client_invoice_amounts_once`), and anew only where all of
//! the invoice that asked for it was returned ([`crate::credits`]); an
//! invoice's totals are those of its rates, lines and accepted amounts, by trigger `client_invoices_sum`
//! (`the_database_itself_keeps_an_invoices_sums`); an invoice never changes, and what came in is only added to. A client
//! who pays late delays no worker's pay ([`crate::statements`]; `a_late_client_delays_no_workers_pay_and_is_pointed_out`).

mod cash;
mod lists;
mod model;
mod store;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap};

use accounts::organizations;
use chrono::NaiveDate;
use clients::companies::{self, Company};
use db::{DbError, Tx};
use kernel::{Code, Coded, FieldProblem, Invalid, OrderId, TaxRate, Yen};

pub use cash::cash;
pub(crate) use lists::rate;
pub use lists::{LateInvoice, count_open, count_overpaid, find, list, of_order, overdue, unbilled, whole};
pub(crate) use model::entry;
pub use model::{
    BillInput, CashMonth, Invoice, InvoiceFilter, InvoiceId, InvoiceKey, InvoiceLine, InvoiceRate,
    InvoiceState, Issued, Payment, PaymentInput, Unbilled, WaitingDay, WholeInvoice,
};
pub(crate) use store::{one_at_a_time, release};

use crate::{orders, shares};
use lists::Accepted;
use model::Pays;

/// Why an invoice was not issued, or money not written down.
#[derive(Debug, thiserror::Error)]
pub enum InvoiceError {
    /// Fields that cannot be accepted; nothing was written.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The client accepted nothing by that day that they were not asked for.
    #[error("nothing is left to ask for")]
    NothingToBill,
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for InvoiceError {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(invalid) => invalid.code(),
            Self::NothingToBill => Code::NothingToBill,
            Self::Db(error) => error.code(),
        }
    }

    fn fields(&self) -> &[FieldProblem] {
        match self {
            Self::Invalid(invalid) => invalid.fields(),
            _ => &[],
        }
    }
}

/// Asks a client for everything they accepted by a day and were not asked for before: one invoice for each day on which they pay by
/// the terms of their orders, the earliest first.
pub fn bill_all(tx: &mut Tx<'_>, input: &BillInput) -> Result<Vec<Invoice>, InvoiceError> {
    let (client, waits) = waiting(tx, input)?;
    if waits.is_empty() {
        return Err(InvoiceError::NothingToBill);
    }
    waits.into_iter().map(|day| issue(tx, &client, day)).collect()
}

/// [`bill`], with what it leaves for the next call.
pub fn bill_next(tx: &mut Tx<'_>, input: &BillInput) -> Result<Issued, InvoiceError> {
    let (client, mut waits) = waiting(tx, input)?;
    let invoice = issue(tx, &client, waits.pop_first().ok_or(InvoiceError::NothingToBill)?)?;
    let waits = waits
        .into_iter()
        .map(|(due_on, amounts)| WaitingDay { due_on, amount: amounts.iter().map(|one| one.amount).sum() })
        .collect();
    Ok(Issued { invoice, waits })
}

/// Asks a client for what they accepted by a day and were not asked for before, as far as it is due first: what their terms say is
/// paid on another day waits for an invoice of its own.
pub fn bill(tx: &mut Tx<'_>, input: &BillInput) -> Result<Invoice, InvoiceError> {
    let (client, mut waits) = waiting(tx, input)?;
    issue(tx, &client, waits.pop_first().ok_or(InvoiceError::NothingToBill)?)
}

/// Who is asked, and by which day what they are asked for was accepted.
struct Client {
    company: Company,
    closed_on: NaiveDate,
}

/// What a client accepted by a day and was not asked for before, by the day on which it is paid; nobody else asks until this transaction
/// ends.
fn waiting(tx: &mut Tx<'_>, input: &BillInput) -> Result<(Client, ByDueDay), InvoiceError> {
    let (company, closed_on) = input.checked(crate::today(tx))?;
    one_at_a_time(tx)?;
    let company = companies::find(tx, company)?;
    let accepted = lists::accepted(tx, company.id, closed_on)?;
    Ok((Client { company, closed_on }, by_due_day(tx, accepted)?))
}

/// The invoice for what is paid on one day.
fn issue(
    tx: &mut Tx<'_>,
    client: &Client,
    (due_on, accepted): (NaiveDate, Vec<Accepted>),
) -> Result<Invoice, InvoiceError> {
    let (issued_by, today) = (crate::acting_person(tx)?, crate::today(tx));
    let (company, closed_on) = (&client.company, client.closed_on);
    let Some(newest) = accepted.last() else { return Err(InvoiceError::NothingToBill) };
    let contact_id = orders::find(tx, newest.order_id)?.contact_id;
    let days = || accepted.iter().map(|one| one.counted_on);
    let (supplied_from, supplied_to) = (days().min().unwrap_or(closed_on), days().max().unwrap_or(closed_on));
    let lines = lines(tx, &accepted)?;
    let rates = model::rates(&lines);
    let (amount, tax): (Yen, Yen) =
        (rates.iter().map(|rate| rate.amount).sum(), rates.iter().map(|rate| rate.tax).sum());
    let town = organizations::find(tx)?;
    let invoice = Invoice {
        id: InvoiceId(0),
        number: store::next_number(tx)?,
        company_id: company.id,
        contact_id,
        company_name: company.name.clone(),
        issuer_name: town.legal_name,
        issuer_address: town.postal_address,
        registration_number: town.registration_number,
        bank_account: town.bank_account,
        closed_on,
        supplied_from,
        supplied_to,
        issued_on: today,
        due_on,
        amount,
        tax,
        total: Yen(amount.0 + tax.0),
        received: Yen::ZERO,
        credited: Yen::ZERO,
        credited_before_tax: Yen::ZERO,
        sha256: String::new(),
        issued_by,
        issued_at: tx.now(),
    };
    let digest = model::digest(&said(&invoice), &lines, &rates);
    let ids: Vec<i64> = accepted.iter().map(|one| one.id).collect();
    let id = store::insert(tx, &invoice, digest, &lines, &rates, &ids)?;
    Ok(find(tx, id)?)
}

type ByDueDay = BTreeMap<NaiveDate, Vec<Accepted>>;

/// What of `accepted` is paid on which day. Each order's own day counts: the one its share says, where a partner town entrusted it,
/// and else by the terms that held when it was made, from the day on which the client accepted its work.
fn by_due_day(tx: &mut Tx<'_>, accepted: Vec<Accepted>) -> Result<ByDueDay, DbError> {
    let today = crate::today(tx);
    let mut rules: HashMap<OrderId, Pays> = HashMap::new();
    let mut by_day = ByDueDay::new();
    for one in accepted {
        let rule = match rules.get(&one.order_id) {
            Some(rule) => *rule,
            None => *rules.entry(one.order_id).or_insert(payment_of(tx, one.order_id)?),
        };
        by_day.entry(rule.due_on(one.counted_on, today)).or_default().push(one);
    }
    Ok(by_day)
}

fn payment_of(tx: &mut Tx<'_>, order: OrderId) -> Result<Pays, DbError> {
    if let Some(day) = shares::agreed_pay_day(tx, order)? {
        return Ok(Pays::On(day));
    }
    let order = orders::find(tx, order)?;
    Ok(Pays::By(orders::terms(tx, &order)?.and_then(|terms| terms.payment)))
}

/// What an invoice says beside its lines; an account only where it names one, as those before accounts were kept do not.
fn said(invoice: &Invoice) -> Vec<String> {
    let mut said = vec![
        format!("invoice {}", invoice.number),
        invoice.company_name.clone(),
        invoice.issuer_name.clone(),
        invoice.issuer_address.clone(),
        invoice.registration_number.clone(),
        format!("{} {} {}", invoice.closed_on, invoice.issued_on, invoice.due_on),
        format!("{}..{}", invoice.supplied_from, invoice.supplied_to),
        format!("{} + {} = {}", invoice.amount.0, invoice.tax.0, invoice.total.0),
    ];
    if !invoice.bank_account.is_empty() {
        said.push(invoice.bank_account.clone());
    }
    said
}

/// One line for each order and rate, orders in the order they were accepted.
fn lines(tx: &mut Tx<'_>, accepted: &[Accepted]) -> Result<Vec<InvoiceLine>, DbError> {
    let mut orders_of: Vec<(OrderId, Vec<&Accepted>)> = Vec::new();
    for one in accepted {
        match orders_of.iter_mut().find(|(order, _)| *order == one.order_id) {
            Some((_, amounts)) => amounts.push(one),
            None => orders_of.push((one.order_id, vec![one])),
        }
    }
    let mut lines = Vec::new();
    for (order, amounts) in orders_of {
        let title = orders::find(tx, order)?.title;
        for (tax_rate, amount) in at_rates(tx, order, &amounts)? {
            // How it was split is no part of what is kept: `whole` asks for it.
            let (title, by_proportion) = (title.clone(), false);
            lines.push(InvoiceLine { order_id: order, title, tax_rate, amount, by_proportion });
        }
    }
    Ok(lines)
}

/// What amounts of one order come to at each rate: pieces that say of which line they are count at that line's own, and the rest is split by
/// proportion.
fn at_rates(
    tx: &mut Tx<'_>,
    order: OrderId,
    amounts: &[&Accepted],
) -> Result<BTreeMap<TaxRate, Yen>, DbError> {
    let ids: Vec<i64> = amounts.iter().map(|one| one.id).collect();
    let mut shares = lists::own_rates(tx, &ids)?;
    let known: Yen = shares.values().copied().sum();
    let more = Yen(amounts.iter().map(|one| one.amount.0).sum::<i64>() - known.0);
    if more == Yen::ZERO {
        return Ok(shares);
    }
    let mut billed = lists::billed(tx, order)?;
    for (rate, amount) in &shares {
        billed.entry(*rate).or_default().0 += amount.0;
    }
    let ordered = lists::ordered(tx, order)?;
    for (rate, amount) in model::split(&ordered, &billed, more) {
        shares.entry(rate).or_default().0 += amount.0;
    }
    Ok(shares)
}

/// Writes down money that came in for an invoice, a part of it or more than it, or takes an entry back.
pub fn receive(tx: &mut Tx<'_>, id: InvoiceId, input: &PaymentInput) -> Result<Invoice, InvoiceError> {
    let by = crate::acting_person(tx)?;
    one_at_a_time(tx)?;
    let invoice = find(tx, id)?;
    let payment = input.checked(crate::today(tx), invoice.received)?;
    store::insert_payment(tx, id, &payment, by)?;
    Ok(find(tx, id)?)
}
