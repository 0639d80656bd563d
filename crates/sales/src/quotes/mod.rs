//! Quotes (見積): issuing a version, reading the one that stands.
//!
//! Invariants: an issued quote never changes but for its state, a change is a new version; of a deal's versions at
//! most one stands, also by a unique index; a version that is superseded is open to no client; tax is rounded once per rate; an open deal's amount follows the
//! standing quote's subtotal.

mod lists;
mod model;
mod store;
#[cfg(test)]
mod tests;

use chrono::NaiveDate;
use db::{DbError, Tx};
use kernel::{Code, Coded, DealId, FieldProblem, Invalid, PersonId, Typed, Yen, date_in_japan};

pub use lists::{find, of_deal, standing};
pub use model::{
    Draft, Issuer, Quote, QuoteInput, QuoteLine, QuoteLineInput, QuoteState, QuoteStatus, RateTotal, Trial,
};

use model::QuoteFields;

use crate::costs;
use crate::deals::{self, DealError, WinInput};
use crate::events::QuoteIssued;
use crate::sendings;

/// Why a quote was not issued.
#[derive(Debug, thiserror::Error)]
pub enum QuoteError {
    /// Fields that cannot be accepted; nothing was written.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The deal cannot have a new quote.
    #[error(transparent)]
    Deal(#[from] DealError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for QuoteError {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(invalid) => invalid.code(),
            Self::Deal(error) => error.code(),
            Self::Db(error) => error.code(),
        }
    }

    fn fields(&self) -> &[FieldProblem] {
        match self {
            Self::Invalid(invalid) => invalid.fields(),
            Self::Deal(error) => error.fields(),
            Self::Db(_) => &[],
        }
    }
}

/// Issues the next version of an open deal's quote; the version that stood is superseded, and the deal's amount
/// becomes this one's subtotal. [`DealError::Stale`] where another version stands than the one the input is based on: that
/// one may be with its client already. Below the town's floor price it says why.
pub fn issue(tx: &mut Tx<'_>, deal: DealId, input: QuoteInput) -> Result<Quote, QuoteError> {
    let fields = input.checked(date_in_japan(tx.now()))?;
    if fields.floor_reason.is_empty() && costs::is_below_floor(tx, &fields.lines)? {
        return Err(Invalid::field("floor_reason", Code::Required).into());
    }
    issue_checked(tx, deal, &fields)
}

/// [`issue`] at a price that was agreed before: nobody asks why it is what it is.
pub(crate) fn issue_agreed(tx: &mut Tx<'_>, deal: DealId, input: &QuoteInput) -> Result<Quote, QuoteError> {
    let fields = input.checked(date_in_japan(tx.now()))?;
    issue_checked(tx, deal, &fields)
}

fn issue_checked(tx: &mut Tx<'_>, deal: DealId, fields: &QuoteFields) -> Result<Quote, QuoteError> {
    let deal = deals::locked(tx, deal)?;
    deal.must_be_open()?;
    must_be_read(tx, deal.id, fields)?;
    let number = lists::last_number(tx, deal.id)? + 1;
    store::supersede_standing(tx, deal.id)?;
    sendings::withdraw_of_deal(tx, deal.id)?;
    let person = deals::doer(tx, &deal);
    let issuer = Issuer::from(accounts::organizations::find(tx)?);
    let quote = store::insert(tx, &deal, number, person, &issuer, fields)?;
    costs::keep(tx, &quote, &fields.floor_reason)?;
    let deal = deals::revalue(tx, deal, quote.subtotal)?;
    let event = QuoteIssued {
        quote: quote.id,
        deal: deal.id,
        number,
        title: deal.title,
        company: deal.company_id,
        contact: deal.contact_id,
        total: quote.total,
        valid_until: quote.valid_until,
        issued_by: person,
    };
    queue::record(tx, &event)?;
    Ok(quote)
}

/// What [`issue`] would issue, for whoever wants to read it first; nothing is written.
pub fn draft(tx: &mut Tx<'_>, deal: DealId, input: &QuoteInput) -> Result<Draft, QuoteError> {
    let fields = input.checked(date_in_japan(tx.now()))?;
    let deal = deals::find(tx, deal)?;
    deal.must_be_open()?;
    must_be_read(tx, deal.id, &fields)?;
    Ok(fields.into())
}

/// What the lines of an input come to before tax, or everything that is wrong with it.
pub(crate) fn subtotal(input: &QuoteInput, today: NaiveDate) -> Result<Yen, Invalid> {
    input.checked(today).map(|fields| fields.totals.subtotal)
}

/// Whether the version that stands is the one the next was written over.
fn must_be_read(tx: &mut Tx<'_>, deal: DealId, fields: &QuoteFields) -> Result<(), QuoteError> {
    let stands = standing(tx, deal)?.map(|quote| quote.id);
    if stands == fields.based_on { Ok(()) } else { Err(DealError::Stale.into()) }
}

/// Before a deal is won that was read at `version`: where the day its quote promises has passed, a next version promises
/// `deliver_on`, which is required then, with everything else as it stands. Gives the version the deal has now.
///
/// Without this an order would be late on the day it is opened, and nobody would have been asked.
pub fn promise_anew(
    tx: &mut Tx<'_>,
    deal: DealId,
    version: i32,
    deliver_on: &Typed,
    input: &WinInput,
) -> Result<i32, QuoteError> {
    let today = date_in_japan(tx.now());
    let Some(quote) = standing(tx, deal)?.filter(|quote| quote.deliver_on < today) else {
        return Ok(version);
    };
    if deals::find(tx, deal)?.version != version {
        return Err(DealError::Stale.into());
    }
    // The next version holds today; whether its amounts still do is asked all the same.
    if quote.valid_until < today && !input.expired_is_confirmed() {
        return Err(DealError::QuoteExpired(quote.valid_until).into());
    }
    issue_agreed(tx, deal, &quote.promising(deliver_on.clone(), today))?;
    Ok(deals::find(tx, deal)?.version)
}

/// What becomes of the quote a deal was won on when that is opened again. Where somebody of the town noted the order, the
/// version stands as it did before. Where the client ordered by a link, their order stays in the record: the version has
/// come to its end, its links with it, and a next one has to be issued.
pub(crate) fn release(tx: &mut Tx<'_>, deal: DealId, person: PersonId) -> Result<(), DbError> {
    let Some(quote) = standing(tx, deal)? else { return Ok(()) };
    if sendings::acceptance(tx, quote.id)?.is_none() {
        return store::stand_again(tx, quote.id);
    }
    sendings::take_back(tx, &quote, person)?;
    store::supersede_standing(tx, deal)
}

/// Marks the quote a deal was won on; says whether it still stood.
pub(crate) fn accept(tx: &mut Tx<'_>, quote: &Quote) -> Result<bool, DbError> {
    match quote.state.status() {
        QuoteStatus::Issued => store::accept(tx, quote.id),
        QuoteStatus::Accepted => Ok(true),
        QuoteStatus::Superseded => Ok(false),
    }
}
