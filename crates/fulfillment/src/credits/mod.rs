//! Returns of what a client was asked for (適格返還請求書): an invoice never changes, so what was wrong on it is put right by a document
//! of its own that names it.
//!
//! Invariants: no more is returned of an invoice than it asks for, line by line and rate by rate, and an invoice and its returns
//! together are rounded down once for each rate (trigger `client_credits_within`, `client_credits_sum`;
//! `the_database_itself_keeps_returns_within_their_invoice`). What an invoice asked for may be asked for anew exactly where all of it
//! was returned, and by one standing invoice at a time (`client_credits_release`, `client_invoice_amounts_once`).

mod lists;
mod model;
mod store;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use accounts::organizations;
use db::{DbError, Tx};
use kernel::{Code, Coded, FieldProblem, Invalid, TaxRate, Yen};

pub use lists::{find, left, list, of_invoice, whole};
pub use model::{
    Credit, CreditId, CreditInput, CreditKey, CreditLine, CreditLineInput, CreditRate, LineLeft, WholeCredit,
    field,
};

use crate::invoices::{self, InvoiceId};

/// Why nothing was returned.
#[derive(Debug, thiserror::Error)]
pub enum CreditError {
    /// Fields that cannot be accepted; nothing was written.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// All of the invoice was returned before.
    #[error("all of the invoice was returned before")]
    NothingLeft,
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for CreditError {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(invalid) => invalid.code(),
            Self::NothingLeft => Code::Conflict,
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

/// Issues a return of an invoice: of all that is left of it, or of parts of its lines. What it asked for may be asked for anew once
/// nothing is left of it.
pub fn issue(tx: &mut Tx<'_>, invoice: InvoiceId, input: &CreditInput) -> Result<WholeCredit, CreditError> {
    let issued_by = crate::acting_person(tx)?;
    invoices::one_at_a_time(tx)?;
    let invoice = invoices::find(tx, invoice)?;
    let left = left(tx, invoice.id)?;
    if left.iter().all(|line| line.left == Yen::ZERO) {
        return Err(CreditError::NothingLeft);
    }
    let (reason, lines) = input.checked(&left)?;
    let rates = model::rates(&lines, &lists::returned(tx, invoice.id)?);
    let (amount, tax): (Yen, Yen) =
        (rates.iter().map(|rate| rate.amount).sum(), rates.iter().map(|rate| rate.tax).sum());
    let town = organizations::find(tx)?;
    let credit = Credit {
        id: CreditId(0),
        number: store::next_number(tx)?,
        invoice_id: invoice.id,
        invoice_number: invoice.number,
        invoice_issued_on: invoice.issued_on,
        company_id: invoice.company_id,
        company_name: invoice.company_name.clone(),
        supplied_from: invoice.supplied_from,
        supplied_to: invoice.supplied_to,
        reason,
        issuer_name: town.legal_name,
        issuer_address: town.postal_address,
        registration_number: town.registration_number,
        issued_on: crate::today(tx),
        amount,
        tax,
        total: Yen(amount.0 + tax.0),
        sha256: String::new(),
        issued_by,
        issued_at: tx.now(),
    };
    let id = store::insert(tx, &credit, model::digest(&credit, &lines, &rates), &lines, &rates)?;
    if Yen(invoice.credited_before_tax.0 + amount.0) == invoice.amount {
        invoices::release(tx, invoice.id, id.0)?;
    }
    Ok(whole(tx, id)?)
}

/// Returned so far at each rate: before tax, and tax.
type Returned = BTreeMap<TaxRate, (Yen, Yen)>;
