//! Taking a deal up again: a lost or dormant one where it stood, a won one together with its order.
//!
//! Invariant: no won deal is opened again without an answer about its order; sales does not know orders, so whoever calls
//! brings that answer, and it is part of the same transaction.

use chrono::NaiveDate;
use db::{DbError, Tx};
use kernel::{BoardStageId, Checks, DealId, Invalid, QuoteId, Typed, date_in_japan};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::lists;
use super::model::{Deal, DealEventKind, DealStatus, NextAction, read_next_action};
use super::moves::Place;
use super::places;
use super::{DealError, at_version, doer, first_stage, store};
use crate::events::DealReopened;
use crate::stages::{self, Stage, StageKind};
use crate::{pipelines, quotes};

/// What is to be done next with a deal that is taken up again, and why it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "next_action": "近況を聞く", "next_action_on": "2027-04-05" }]))]
pub struct ReopenInput {
    /// What is to be done next; required.
    pub next_action: Typed,
    /// By when; required, today or later.
    pub next_action_on: Typed,
    /// Why; required where the deal was won, because an order is taken back with it. At most 1,000 characters.
    pub reason: Typed,
}

/// A reopening that passed every rule.
#[derive(Debug, Clone, PartialEq, Eq)]
struct ReopenFields {
    next: NextAction,
    reason: String,
}

impl ReopenInput {
    /// Of a lost or dormant deal.
    fn checked(&self, today: NaiveDate) -> Result<ReopenFields, Invalid> {
        let mut checks = Checks::new();
        let reason = checks.lines("reason", &self.reason, 1000);
        let next = read_next_action(&mut checks, &self.next_action, &self.next_action_on, Some(today));
        checks.done(ReopenFields { next, reason })
    }

    /// Of a won one: with why.
    fn checked_because(&self, today: NaiveDate) -> Result<ReopenFields, Invalid> {
        let mut checks = Checks::new();
        let reason = checks.required_lines("reason", &self.reason, 1000);
        let next = read_next_action(&mut checks, &self.next_action, &self.next_action_on, Some(today));
        checks.done(ReopenFields { next, reason })
    }
}

/// Takes a lost or dormant deal up again, where it stood before.
pub fn reopen(tx: &mut Tx<'_>, id: DealId, version: i32, input: ReopenInput) -> Result<Deal, DealError> {
    let fields = input.checked(date_in_japan(tx.now()))?;
    let current = at_version(tx, id, version)?;
    let stage = stage_for(tx, &current)?;
    let from = current.stage_id;
    let deal = current.reopened(stage.id, fields.next, tx.now())?;
    let rank = places::rank_at(tx, deal.stage_id, Some(deal.id), Place::Top)?;
    let deal = store::update_at(tx, &deal, rank)?;
    store::append_event_because(tx, &deal, DealEventKind::Reopened, Some(from), &fields.reason)?;
    Ok(deal)
}

/// Takes a won deal up again, where it stood before it was won, for a reason. `take_back` withdraws what was ordered on it,
/// or refuses: then nothing of this happens. The deal is held before its order, as by whoever opens one
/// ([`stands_won`]), so of an order that begins and a deal that is opened again one comes true.
///
/// What our own people noted as won stands as it did before, so it can be won on again. What a client ordered by a link
/// is their word: that version and its links have come to their end, and a next one is quoted.
pub fn reopen_won<E: From<DealError>>(
    tx: &mut Tx<'_>,
    id: DealId,
    version: i32,
    input: ReopenInput,
    take_back: impl FnOnce(&mut Tx<'_>, DealId, &str) -> Result<(), E>,
) -> Result<Deal, E> {
    let fields = input.checked_because(date_in_japan(tx.now())).map_err(DealError::from)?;
    let current = store::locked(tx, id).map_err(DealError::from)?;
    if current.version != version {
        return Err(DealError::Stale.into());
    }
    current.must_be_won()?;
    take_back(tx, id, &fields.reason)?;
    let stage = stage_for(tx, &current)?;
    let from = current.stage_id;
    let person = doer(tx, &current);
    quotes::release(tx, id, person).map_err(DealError::from)?;
    let deal = current.taken_back(stage.id, fields.next, tx.now())?;
    let rank = places::rank_at(tx, deal.stage_id, Some(id), Place::Top).map_err(DealError::from)?;
    let deal = store::update_at(tx, &deal, rank)?;
    tell(tx, &deal, from, fields.reason).map_err(DealError::from)?;
    Ok(deal)
}

/// Whether a deal is won on that quote now, which stays so until this transaction ends: asked by whoever opens its order,
/// because the deal may have been opened again since.
pub fn stands_won(tx: &mut Tx<'_>, id: DealId, quote: QuoteId) -> Result<bool, DbError> {
    let deal = store::kept(tx, id)?;
    let stands = quotes::standing(tx, id)?.is_some_and(|standing| standing.id == quote);
    Ok(deal.state.status() == DealStatus::Won && stands)
}

fn tell(tx: &mut Tx<'_>, deal: &Deal, from: BoardStageId, reason: String) -> Result<(), DbError> {
    store::append_event_because(tx, deal, DealEventKind::Reopened, Some(from), &reason)?;
    let reopened_by = doer(tx, deal);
    queue::record(
        tx,
        &DealReopened {
            deal: deal.id,
            title: deal.title.clone(),
            company: deal.company_id,
            amount: deal.amount,
            reason,
            reopened_by,
        },
    )?;
    Ok(())
}

/// The stage it stood in, or the first of a pipeline in use where that is gone.
fn stage_for(tx: &mut Tx<'_>, deal: &Deal) -> Result<Stage, DealError> {
    let stage = if let Some(stage) = lists::stage_before_close(tx, deal)? {
        stage
    } else {
        let pipeline = lists::pipeline_to_reopen(tx, deal)?.ok_or(DealError::NoStage(StageKind::Open))?;
        first_stage(tx, pipeline, StageKind::Open)?
    };
    if !stages::keep(tx, stage.id)? || !pipelines::keep_in_use(tx, stage.pipeline_id)? {
        // Archived or taken away at this very moment: asked again, the deal goes to one in use.
        return Err(DealError::Stale);
    }
    Ok(stage)
}
