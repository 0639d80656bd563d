//! Orders entered directly: a client called, wrote, came by, or wants the same again, and nobody had to win anything.
//!
//! Invariants: there is no order without a won deal, so that totals agree: entering one opens, quotes and wins a deal in one
//! transaction (`an_order_by_phone_is_a_won_deal_with_its_history_and_says_how_it_came`). Such a deal says how it came
//! ([`Deal::direct`]): amounts and targets count it like any other, rates of winning leave it out, because nobody could
//! have lost it.

mod model;
#[cfg(test)]
mod tests;

use accounts::persons;
use db::Tx;
use kernel::{Checks, DealId, PersonId, date_in_japan};

pub use model::{DirectOrderInput, DirectSource, OrderAgainInput};

use crate::colleagues;
use crate::deals::{self, Deal, DealError, DealInput, Origin};
use crate::quotes::{self, QuoteError};
use crate::repeats;
use model::Entry;

/// Records the won deal of an order that a client gave directly; [`crate::events::DealWon`] opens the order.
pub fn record_won(tx: &mut Tx<'_>, input: &DirectOrderInput) -> Result<Deal, QuoteError> {
    let entry = input.checked(tx.actor().person(), date_in_japan(tx.now()))?;
    let origin = Origin { repeats: None, direct: Some(entry.source) };
    record(tx, entry, origin)
}

/// Records the won deal of an order that repeats a won one: same client, contact, lines and terms, and another day.
pub fn record_again(tx: &mut Tx<'_>, won: DealId, input: &OrderAgainInput) -> Result<Deal, QuoteError> {
    let before = deals::find(tx, won)?;
    before.must_be_won()?;
    let quote = quotes::standing(tx, won)?.ok_or(DealError::QuoteMissing)?;
    let owner = owner_of(tx, &before)?;
    let pipeline = repeats::pipeline_of(tx, &before)?;
    let mut checks = Checks::new();
    let ordered = model::ordered(&mut checks, &input.order_number, &input.note);
    checks.done(())?;
    let title = if input.title.as_str().trim().is_empty() {
        before.title.as_str().into()
    } else {
        input.title.clone()
    };
    let deal = DealInput {
        title,
        company_id: before.company_id.to_string().into(),
        contact_id: before.contact_id.map(|id| id.to_string()).unwrap_or_default().into(),
        owner_id: owner.to_string().into(),
        pipeline_id: pipeline.into(),
        ..DealInput::default()
    };
    let quote = quote.once_more(input.deliver_on.clone(), input.deliver_on.clone());
    let entry = Entry { deal, quote, source: DirectSource::Repeat, ordered };
    let entry = model::whole(entry, tx.actor().person(), date_in_japan(tx.now()))?;
    record(tx, entry, Origin { repeats: Some(won), direct: Some(DirectSource::Repeat) })
}

/// Who looked after the client before, where they still sell; else whoever enters the order.
fn owner_of(tx: &mut Tx<'_>, before: &Deal) -> Result<PersonId, QuoteError> {
    let owns = colleagues::owns(&persons::find(tx, before.owner_id)?);
    Ok(if owns { before.owner_id } else { tx.actor().person().unwrap_or(before.owner_id) })
}

fn record(tx: &mut Tx<'_>, entry: Entry, origin: Origin) -> Result<Deal, QuoteError> {
    let deal = deals::open_ordered(tx, &entry.deal, origin)?;
    let quote = quotes::issue(tx, deal.id, entry.quote)?;
    let deal = deals::find(tx, deal.id)?;
    Ok(deals::win_ordered(tx, deal, quote, entry.ordered)?)
}
