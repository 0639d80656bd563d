//! An invoice and a return of one as papers: what the client reads and prints, the same for the town and behind a client's link.

use chrono::NaiveDate;
use fulfillment::credits::WholeCredit;
use fulfillment::invoices::WholeInvoice;
use fulfillment::tax::REDUCED;
use kernel::{TaxRate, Yen};
use serde::Serialize;

use crate::call::Call;
use crate::format;
use crate::phrases::said;

/// A paper with everything that a qualified invoice, or a qualified return, has to say (消費税法57条の4).
#[derive(Serialize)]
pub(crate) struct Paper {
    title: String,
    client: String,
    issuer_name: String,
    issuer_address: String,
    /// Empty where the town has none; then this is no qualified paper.
    registration_number: String,
    /// Where it is paid to; empty where the invoice says none, and on a return.
    bank_account: String,
    issued_on: String,
    /// The day or the period of supply.
    supplied: String,
    /// The day by which it is paid; empty on a return.
    due_on: String,
    /// The invoice that a return is of, in words; empty on an invoice.
    of_invoice: String,
    /// Why something is returned; empty on an invoice.
    reason: String,
    lines: Vec<PaperLine>,
    rates: Vec<PaperRate>,
    amount: String,
    tax: String,
    total: String,
    /// Whether something on it is taxed at the reduced rate.
    has_reduced: bool,
    sha256: String,
}

/// A line of a paper.
#[derive(Serialize)]
struct PaperLine {
    title: String,
    rate: String,
    is_reduced: bool,
    amount: String,
}

/// What a paper comes to at one rate.
#[derive(Serialize)]
struct PaperRate {
    label: String,
    amount: String,
    tax: String,
}

fn line(call: &Call, title: &str, rate: TaxRate, amount: Yen) -> PaperLine {
    PaperLine {
        title: title.to_owned(),
        rate: said(call, "bill-percent", [("rate", &rate.0.to_string())]),
        is_reduced: rate == REDUCED,
        amount: format::yen(call.language, amount),
    }
}

fn of_rate(call: &Call, rate: TaxRate, amount: Yen, tax: Yen) -> PaperRate {
    PaperRate {
        label: said(call, "bill-rate", [("rate", &rate.0.to_string())]),
        amount: format::yen(call.language, amount),
        tax: format::yen(call.language, tax),
    }
}

/// The day of supply, or the first and the last.
pub(crate) fn supplied(call: &Call, from: NaiveDate, to: NaiveDate) -> String {
    let day = |day: NaiveDate| format::full_date(call.language, day);
    let (first, last) = (day(from), day(to));
    if first == last { first } else { said(call, "statement-days", [("first", &first), ("last", &last)]) }
}

impl Paper {
    /// An invoice.
    pub(crate) fn of_invoice(call: &Call, whole: &WholeInvoice) -> Self {
        let (invoice, language) = (&whole.invoice, call.language);
        Self {
            title: said(call, "bill-title", [("number", &invoice.number.to_string())]),
            client: invoice.company_name.clone(),
            issuer_name: invoice.issuer_name.clone(),
            issuer_address: invoice.issuer_address.clone(),
            registration_number: invoice.registration_number.clone(),
            bank_account: invoice.bank_account.clone(),
            issued_on: format::paper_date(language, invoice.issued_on),
            supplied: supplied(call, invoice.supplied_from, invoice.supplied_to),
            due_on: format::full_date(language, invoice.due_on),
            of_invoice: String::new(),
            reason: String::new(),
            lines: whole.lines.iter().map(|one| line(call, &one.title, one.tax_rate, one.amount)).collect(),
            rates: whole.rates.iter().map(|one| of_rate(call, one.tax_rate, one.amount, one.tax)).collect(),
            amount: format::yen(language, invoice.amount),
            tax: format::yen(language, invoice.tax),
            total: format::yen(language, invoice.total),
            has_reduced: whole.rates.iter().any(|one| one.tax_rate == REDUCED),
            sha256: invoice.sha256.clone(),
        }
    }

    /// A return.
    pub(crate) fn of_credit(call: &Call, whole: &WholeCredit) -> Self {
        let (credit, language) = (&whole.credit, call.language);
        let number = credit.invoice_number.to_string();
        let day = format::full_date(language, credit.invoice_issued_on);
        Self {
            title: said(call, "credit-title", [("number", &credit.number.to_string())]),
            client: credit.company_name.clone(),
            issuer_name: credit.issuer_name.clone(),
            issuer_address: credit.issuer_address.clone(),
            registration_number: credit.registration_number.clone(),
            bank_account: String::new(),
            issued_on: format::paper_date(language, credit.issued_on),
            supplied: supplied(call, credit.supplied_from, credit.supplied_to),
            due_on: String::new(),
            of_invoice: said(call, "credit-of", [("number", number.as_str()), ("day", day.as_str())]),
            reason: credit.reason.clone(),
            lines: whole.lines.iter().map(|one| line(call, &one.title, one.tax_rate, one.amount)).collect(),
            rates: whole.rates.iter().map(|one| of_rate(call, one.tax_rate, one.amount, one.tax)).collect(),
            amount: format::yen(language, credit.amount),
            tax: format::yen(language, credit.tax),
            total: format::yen(language, credit.total),
            has_reduced: whole.rates.iter().any(|one| one.tax_rate == REDUCED),
            sha256: credit.sha256.clone(),
        }
    }
}
