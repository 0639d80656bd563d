//! Deals that were decided before they came here: rows of another system's file. They are history, and nobody acts on them.
//!
//! Invariant: no order, no mail and no next action follows from one; its whole history is one line that lies on the day it was
//! decided, so that amounts, targets and rates of winning count it there
//! (`what_was_decided_elsewhere_is_history_and_orders_nothing`).

mod store;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use db::{DbError, Tx};
use kernel::{BoardStageId, Code, Invalid, PersonId};

use super::DealError;
use super::lists::DealEvent;
use super::many::contacts_are_theirs;
use super::model::{Deal, DealEventKind, DealFields, DealInput, DealState, Loss};
use super::rank::Rank;
use crate::stages::{self, StageKind};

/// A deal that was decided elsewhere.
#[derive(Debug, Clone)]
pub(crate) struct PastDeal {
    /// What it was about; what it says of a next action is not looked at.
    pub(crate) input: DealInput,
    /// The closing stage it stands in.
    pub(crate) stage: BoardStageId,
    /// The open stage it was in before, where the file says that.
    pub(crate) from: Option<BoardStageId>,
    /// The day in Japan it was decided on.
    pub(crate) on: NaiveDate,
    /// Why it was lost; nothing of one that was won.
    pub(crate) loss: Option<Loss>,
}

impl DealInput {
    /// The fields of a deal that was decided `on` a day: everything but a next action, by the rules of any other deal.
    fn checked_past(&self, owner: Option<PersonId>, on: NaiveDate) -> Result<DealFields, Invalid> {
        // Nothing is next, so the place of a next action is filled for the rules that look for one.
        let filled = Self { next_action: "-".into(), next_action_on: on.to_string().into(), ..self.clone() };
        filled.checked(owner, None)
    }

    /// The input of a deal that was decided `on` a day, as it would be stored.
    pub(crate) fn settled_past(&self, owner: Option<PersonId>, on: NaiveDate) -> Result<Self, Invalid> {
        let settled = Self::from(self.checked_past(owner, on)?);
        Ok(Self { next_action: "".into(), next_action_on: "".into(), ..settled })
    }
}

/// Whether a deal was decided before it came here: its history has no beginning here.
pub fn is_past(history: &[DealEvent]) -> bool {
    !history.is_empty() && history.iter().all(|event| event.kind != DealEventKind::Opened)
}

/// Noon in Japan of that day, and never later than now.
fn moment(on: NaiveDate, now: DateTime<Utc>) -> DateTime<Utc> {
    const NOON_IN_JAPAN: TimeDelta = TimeDelta::hours(3);
    (on.and_time(NaiveTime::MIN).and_utc() + NOON_IN_JAPAN).min(now)
}

/// Keeps deals that were decided elsewhere, in their order. Nothing follows from them: no event tells of them.
pub(crate) fn record_many(tx: &mut Tx<'_>, all: &[PastDeal]) -> Result<Vec<Deal>, DealError> {
    let (person, now, stages) = (tx.actor().person(), tx.now(), stages::list(tx)?);
    let mut checked: Vec<(BoardStageId, DealFields)> = Vec::with_capacity(all.len());
    let mut outcomes: Vec<DealState> = Vec::with_capacity(all.len());
    for past in all {
        let kind = stages.iter().find(|stage| stage.id == past.stage).map(|stage| stage.kind);
        let at = moment(past.on, now);
        outcomes.push(match (kind, &past.loss) {
            (Some(StageKind::Won), None) => DealState::Won { won_at: at },
            (Some(StageKind::Lost), Some(loss)) => DealState::Lost { lost_at: at, loss: loss.clone() },
            _ => return Err(Invalid::field("stage", Code::UnknownChoice).into()),
        });
        checked.push((past.stage, past.input.checked_past(person, past.on)?));
    }
    contacts_are_theirs(tx, &checked)?;
    // Closing columns are in the order of closing: any rank will do.
    let rank = Rank::between(None, None).ok_or(DbError::NotFound)?;
    let rows: Vec<_> =
        checked.iter().zip(&outcomes).map(|((stage, fields), state)| (*stage, fields, state)).collect();
    let recorded = store::insert_closed(tx, &rows, rank)?;
    let told: Vec<_> = recorded.iter().zip(all).map(|(deal, past)| (deal, past.from)).collect();
    store::append_decided(tx, &told)?;
    Ok(recorded)
}
