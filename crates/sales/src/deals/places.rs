//! Finding a card's place in its column, and making room for it where its neighbours stand too close.
//!
//! Two people who move cards to the same place both succeed: neither waits for the other, and where their cards get
//! the same rank, the ids decide. Only a place without room rewrites other rows: a few neighbours below it.

use db::{DbError, Tx};
use diesel::dsl::sql;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use kernel::{BoardStageId, DealId};

use super::model::Deal;
use super::moves::{Place, Step};
use super::rank::Rank;
use super::store;
use crate::schema::deals;

/// How many cards are moved apart at first where there is no room.
const NEIGHBOURS: u16 = 16;

/// A card's place: its rank, then its deal.
pub(super) type Spot = (Rank, DealId);

/// The rank of a card that is put at `place` of a stage's column; `moving` is that card, where it is in the table yet.
pub(super) fn rank_at(
    tx: &mut Tx<'_>,
    stage: BoardStageId,
    moving: Option<DealId>,
    place: Place,
) -> Result<Rank, DbError> {
    let above = match place {
        Place::Top => None,
        Place::Under(card) => spot(tx, stage, card)?.filter(|(_, id)| Some(*id) != moving),
    };
    let below = below(tx, stage, above, moving, 1)?.pop();
    let (over, under) = (above.map(|(rank, _)| rank), below.map(|(rank, _)| rank));
    match Rank::between(over, under) {
        Some(rank) => Ok(rank),
        None => make_room(tx, stage, above, moving),
    }
}

/// The deal whose card stands over this one; `None` at the top, and of a card that stands in no column.
pub fn card_above(tx: &mut Tx<'_>, deal: &Deal) -> Result<Option<DealId>, DbError> {
    let Some(here) = spot(tx, deal.stage_id, deal.id)? else { return Ok(None) };
    Ok(above(tx, deal.stage_id, here)?.first().map(|(_, id)| *id))
}

/// Whether a card still stands in a column.
pub fn stands_in(tx: &mut Tx<'_>, card: DealId, stage: BoardStageId) -> Result<bool, DbError> {
    Ok(spot(tx, stage, card)?.is_some())
}

/// Where a card goes by one step; `None` where it stands there already.
pub(super) fn stepped(tx: &mut Tx<'_>, deal: &Deal, step: Step) -> Result<Option<Place>, DbError> {
    let Some(here) = spot(tx, deal.stage_id, deal.id)? else { return Ok(None) };
    let over = above(tx, deal.stage_id, here)?;
    Ok(match (step, over.as_slice()) {
        (Step::Up | Step::Top, []) => None,
        (Step::Top, _) | (Step::Up, [_]) => Some(Place::Top),
        (Step::Up, [_, second, ..]) => Some(Place::Under(second.1)),
        (Step::Down, _) => {
            below(tx, deal.stage_id, Some(here), None, 1)?.pop().map(|(_, id)| Place::Under(id))
        }
    })
}

/// Moves the cards under `above` apart until there is a place between it and them.
fn make_room(
    tx: &mut Tx<'_>,
    stage: BoardStageId,
    above: Option<Spot>,
    moving: Option<DealId>,
) -> Result<Rank, DbError> {
    let over = above.map(|(rank, _)| rank);
    let mut many = NEIGHBOURS;
    loop {
        let mut cards = below(tx, stage, above, moving, many + 1)?;
        let is_all = cards.len() <= usize::from(many);
        let under = if is_all { None } else { cards.pop().map(|(rank, _)| rank) };
        let places = u32::try_from(cards.len()).unwrap_or(u32::MAX).saturating_add(1);
        if let Some(mut ranks) = Rank::spread(over, under, places) {
            let others = ranks.split_off(1);
            let apart: Vec<(Spot, Rank)> = cards.into_iter().zip(others).collect();
            store::spread(tx, &apart)?;
            if let Some(free) = ranks.pop() {
                return Ok(free);
            }
        }
        if is_all || many > u16::MAX / 2 {
            // As many cards as there are numbers: it stands beside the one above.
            return over.or(under).ok_or(DbError::NotFound);
        }
        many *= 2;
    }
}

fn spot(tx: &mut Tx<'_>, stage: BoardStageId, card: DealId) -> Result<Option<Spot>, DbError> {
    let found: Option<(String, DealId)> = deals::table
        .filter(open_in(stage))
        .filter(deals::id.eq(card))
        .select((deals::rank, deals::id))
        .first(tx.conn())
        .optional()?;
    found.map(read).transpose()
}

/// The next cards under a spot, or the first of the column; never the one that is moving.
fn below(
    tx: &mut Tx<'_>,
    stage: BoardStageId,
    spot: Option<Spot>,
    moving: Option<DealId>,
    most: u16,
) -> Result<Vec<Spot>, DbError> {
    let mut query = deals::table
        .filter(open_in(stage))
        .order((deals::rank, deals::id))
        .limit(i64::from(most))
        .select((deals::rank, deals::id))
        .into_boxed();
    if let Some((rank, id)) = spot {
        let rank = rank.to_string();
        query = query.filter(deals::rank.ge(rank.clone())).filter(deals::rank.gt(rank).or(deals::id.gt(id)));
    }
    if let Some(moving) = moving {
        query = query.filter(deals::id.ne(moving));
    }
    query.load::<(String, DealId)>(tx.conn())?.into_iter().map(read).collect()
}

/// The two cards over a spot, the nearer one first.
fn above(tx: &mut Tx<'_>, stage: BoardStageId, (rank, id): Spot) -> Result<Vec<Spot>, DbError> {
    let rank = rank.to_string();
    deals::table
        .filter(open_in(stage))
        .filter(deals::rank.le(rank.clone()))
        .filter(deals::rank.lt(rank).or(deals::id.lt(id)))
        .order((deals::rank.desc(), deals::id.desc()))
        .limit(2)
        .select((deals::rank, deals::id))
        .load::<(String, DealId)>(tx.conn())?
        .into_iter()
        .map(read)
        .collect()
}

/// The cards of an open column. The state is written out, so that a plan made for any stage knows the column's index.
fn open_in(stage: BoardStageId) -> Box<dyn BoxableExpression<deals::table, Pg, SqlType = Bool>> {
    Box::new(deals::stage_id.eq(stage).and(sql::<Bool>("deals.state = 'open'")))
}

fn read((rank, id): (String, DealId)) -> Result<Spot, DbError> {
    Ok((ranked(&rank)?, id))
}

/// A rank as the table has it.
fn ranked(rank: &str) -> Result<Rank, DbError> {
    let impossible = |error| diesel::result::Error::DeserializationError(Box::new(error));
    Ok(rank.parse().map_err(impossible)?)
}
