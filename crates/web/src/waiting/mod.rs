//! The way into work: who waits at which step, and the interviews on it.

pub(crate) mod api;
pub(crate) mod index;
pub(crate) mod interview;
mod next;

pub(crate) use interview::Join;
pub(crate) use next::Next;

use std::collections::HashMap;

use db::{DbError, Tx};
use notifier::messages;
use workforce::interviews::{Interview, InterviewId};
use workforce::waiting::{Waiting, WaitsFor};

/// What a mail about an interview is about, as `yui::notices` names it: another day is another thing.
fn thing(interview: &Interview) -> String {
    format!("interview:{}@{}", interview.id, interview.starts_at.timestamp())
}

/// Those of some interviews of which the mail did not reach whoever they are with, each with the address it went to.
pub(crate) fn unreached(
    tx: &mut Tx<'_>,
    interviews: &[&Interview],
) -> Result<HashMap<InterviewId, String>, DbError> {
    let things: Vec<String> = interviews.iter().map(|one| thing(one)).collect();
    let told = messages::newest_about(tx, &things)?;
    let lost = |one: &&Interview| {
        let message = told.get(&thing(one)).filter(|message| message.state.is_lost())?;
        Some((one.id, message.to_address.to_string()))
    };
    Ok(interviews.iter().filter_map(lost).collect())
}

/// The same of those who wait for the day of their interview.
fn unreached_of(tx: &mut Tx<'_>, waiting: &[Waiting]) -> Result<HashMap<InterviewId, String>, DbError> {
    let planned = waiting.iter().filter(|one| one.waits_for == WaitsFor::InterviewDay);
    let interviews: Vec<&Interview> = planned.filter_map(|one| one.interview.as_ref()).collect();
    unreached(tx, &interviews)
}
