//! The same again: a client orders what they ordered before.
//!
//! Invariant: a repeat is a deal of its own with its own lines and quote; nothing of the won one changes
//! (`the_same_again_is_a_new_deal_with_its_lines_and_its_quote_and_new_dates`).

mod model;
#[cfg(test)]
mod tests;

use chrono::{Datelike as _, NaiveDate};
use db::Tx;
use kernel::{Checks, DealId, PersonId, Typed, Yen, date_in_japan};

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

/// What a repeat is called: as typed, or, where nothing else was typed, as what it repeats, whose month (（2025年12月分） at
/// the end, exactly so) becomes that of the day it is delivered.
pub(crate) fn titled(before: &str, typed: &Typed, deliver_on: &Typed) -> Typed {
    let own = typed.as_str().trim();
    if !own.is_empty() && own != before {
        return typed.clone();
    }
    let day = Checks::new().date("deliver_on", deliver_on);
    // A date that could not be read stands at 1970 and is refused elsewhere.
    let renamed =
        before_month(before).filter(|_| day != NaiveDate::default()).map(|base| month_of(base, day));
    renamed.unwrap_or_else(|| before.to_owned()).into()
}

fn month_of(base: &str, day: NaiveDate) -> String {
    format!("{base}（{}年{}月分）", day.year(), day.month())
}

/// What stands before the month at the end of a title, where one stands there.
fn before_month(title: &str) -> Option<&str> {
    let (base, rest) = title.rsplit_once('（')?;
    let (year, month) = rest.strip_suffix("月分）")?.split_once('年')?;
    let first = NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, 1)?;
    (month_of(base, first) == title).then_some(base)
}

fn fresh(before: &Deal, owner: PersonId, pipeline: String, amount: Yen, input: &SameAgainInput) -> DealInput {
    DealInput {
        title: titled(&before.title, &input.title, &input.deliver_on),
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
