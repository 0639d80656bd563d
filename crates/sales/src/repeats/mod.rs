//! The same again: a client orders what they ordered before.
//!
//! Invariant: a repeat is a deal of its own with its own lines and quote; nothing of the won one changes
//! (`the_same_again_is_a_new_deal_with_its_lines_and_its_quote_and_new_dates`).

mod model;
#[cfg(test)]
mod tests;

use db::Tx;
use kernel::{DealId, PersonId, Yen, date_in_japan};

pub use model::SameAgainInput;

use crate::deals::{self, Deal, DealError, DealInput};
use crate::lines::{self, DealLine};
use crate::pipelines;
use crate::quotes::{self, QuoteError, QuoteLine};
use crate::stages;

/// Opens a deal that repeats a won one: same client, contact and lines, and its quote once more with new dates.
pub fn same_again(tx: &mut Tx<'_>, won: DealId, input: &SameAgainInput) -> Result<Deal, QuoteError> {
    input.checked(date_in_japan(tx.now()))?;
    let before = deals::find(tx, won)?;
    before.must_be_won()?;
    let quote = quotes::standing(tx, won)?.ok_or(DealError::QuoteMissing)?;
    let owner = tx.actor().person().unwrap_or(before.owner_id);
    let pipeline = pipeline_of(tx, &before)?;
    let again = deals::open_repeating(tx, &fresh(&before, owner, pipeline, quote.subtotal, input), won)?;
    let mut lines = lines::of_deal(tx, won)?.lines;
    if lines.is_empty() {
        lines = quote.lines.iter().map(line_of).collect();
    }
    lines::replace(tx, again.id, &lines)?;
    let next = quote.once_more(input.valid_until.clone(), input.deliver_on.clone());
    quotes::issue_agreed(tx, again.id, &next)?;
    let again = deals::find(tx, again.id)?;
    deals::meets_its_stage(tx, &again)?;
    Ok(again)
}

/// The won one's pipeline, where it is in use.
pub(crate) fn pipeline_of(tx: &mut Tx<'_>, before: &Deal) -> Result<String, QuoteError> {
    let own = stages::find(tx, before.stage_id)?.pipeline_id;
    let used = pipelines::in_use(tx)?.into_iter().any(|one| one.id == own);
    Ok(if used { own.to_string() } else { String::new() })
}

fn fresh(before: &Deal, owner: PersonId, pipeline: String, amount: Yen, input: &SameAgainInput) -> DealInput {
    let same = input.title.as_str().trim().is_empty();
    DealInput {
        title: if same { before.title.as_str().into() } else { input.title.clone() },
        company_id: before.company_id.to_string().into(),
        contact_id: before.contact_id.map(|id| id.to_string()).unwrap_or_default().into(),
        amount: amount.0.to_string().into(),
        expected_close_on: input.expected_close_on.clone(),
        next_action: input.next_action.clone(),
        next_action_on: input.next_action_on.clone(),
        owner_id: owner.to_string().into(),
        pipeline_id: pipeline.into(),
    }
}

fn line_of(line: &QuoteLine) -> DealLine {
    DealLine {
        job_kind: line.description.clone(),
        quantity: line.quantity,
        unit_price: line.unit_price,
        unit_minutes: line.unit_minutes,
        amount: line.amount,
    }
}
