//! Writes of deals that were closed elsewhere, each with its one line of history.

use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::BoardStageId;

use super::super::BOARD;
use super::super::DealError;
use super::super::model::{Deal, DealEventKind, DealFields, DealState, DealStatus};
use super::super::rank::Rank;
use super::super::store::{DealRow, in_order, refused};
use crate::schema::{deal_events, deals};

/// What is inserted of a deal beside where it stands.
type Closed<'a> = (BoardStageId, &'a DealFields, &'a DealState);

/// Keeps deals as they were closed elsewhere in one statement, in their order.
pub(super) fn insert_closed(tx: &mut Tx<'_>, all: &[Closed<'_>], rank: Rank) -> Result<Vec<Deal>, DealError> {
    let now = tx.now();
    tx.raise(BOARD);
    let values: Vec<_> = all
        .iter()
        .map(|(stage, fields, state)| {
            let (won_at, lost_at, loss) = match state {
                DealState::Won { won_at } => (Some(*won_at), None, None),
                DealState::Lost { lost_at, loss } => (None, Some(*lost_at), Some(loss)),
                DealState::Open(_) | DealState::Dormant { .. } => (None, None, None),
            };
            (
                (
                    deals::title.eq(&fields.title),
                    deals::company_id.eq(fields.company_id),
                    deals::contact_id.eq(fields.contact_id),
                    deals::stage_id.eq(*stage),
                    deals::owner_id.eq(fields.owner_id),
                    deals::amount.eq(fields.amount),
                    deals::expected_close_on.eq(fields.expected_close_on),
                    deals::rank.eq(rank.to_string()),
                ),
                (
                    deals::state.eq(state.status()),
                    deals::won_at.eq(won_at),
                    deals::lost_at.eq(lost_at),
                    deals::lost_reason.eq(loss.map(|loss| loss.lost_reason)),
                    deals::lost_note.eq(loss.map_or("", |loss| loss.lost_note.as_str())),
                    deals::moved_at.eq(won_at.or(lost_at).unwrap_or(now)),
                    deals::created_at.eq(now),
                    deals::changed_at.eq(now),
                ),
            )
        })
        .collect();
    let rows: Vec<DealRow> = diesel::insert_into(deals::table)
        .values(&values)
        .returning(DealRow::as_returning())
        .get_results(tx.conn())
        .map_err(|error| refused(error.into()))?;
    in_order(rows)
}

/// The one line of history of each deal that was closed elsewhere, with the open stage it is said to have stood in.
pub(super) fn append_decided(tx: &mut Tx<'_>, told: &[(&Deal, Option<BoardStageId>)]) -> Result<(), DbError> {
    let actor = tx.actor().to_string();
    let event = |(deal, from): &(&Deal, Option<BoardStageId>)| {
        let kind = match deal.state.status() {
            DealStatus::Won => DealEventKind::Won,
            _ => DealEventKind::Lost,
        };
        (
            deal_events::deal_id.eq(deal.id),
            deal_events::kind.eq(kind),
            deal_events::from_stage_id.eq(*from),
            deal_events::to_stage_id.eq(deal.stage_id),
            deal_events::amount.eq(deal.amount),
            deal_events::actor.eq(actor.clone()),
            deal_events::happened_at.eq(deal.moved_at),
        )
    };
    let events: Vec<_> = told.iter().map(event).collect();
    diesel::insert_into(deal_events::table).values(events).execute(tx.conn())?;
    Ok(())
}
