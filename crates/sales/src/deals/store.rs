//! Rows and writes of `deals` and `deal_events`.

use chrono::{DateTime, NaiveDate, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Text};
use kernel::{BoardStageId, Code, CompanyId, ContactId, DealId, Invalid, PersonId, Yen};

use super::BOARD;
use super::DealError;
use super::Origin;
use super::model::{
    AmountBasis, Deal, DealEventKind, DealFields, DealState, DealStatus, Loss, LostReason, NextAction,
};
use super::places::Spot;
use super::rank::Rank;
use crate::direct::DirectSource;
use crate::schema::{deal_events, deals};

#[derive(Queryable, Selectable)]
#[diesel(table_name = deals)]
pub(super) struct DealRow {
    id: DealId,
    title: String,
    company_id: CompanyId,
    contact_id: Option<ContactId>,
    stage_id: BoardStageId,
    owner_id: PersonId,
    amount: Yen,
    amount_basis: AmountBasis,
    #[diesel(column_name = repeats_id)]
    repeats: Option<DealId>,
    #[diesel(column_name = direct_source)]
    direct: Option<DirectSource>,
    expected_close_on: Option<NaiveDate>,
    moved_at: DateTime<Utc>,
    created_at: DateTime<Utc>,
    version: i32,
    #[diesel(embed)]
    state: StateRow,
}

/// The columns that spell a [`DealState`]; the table's CHECKs keep them telling one story.
#[derive(Queryable, Selectable)]
#[diesel(table_name = deals)]
pub(super) struct StateRow {
    state: DealStatus,
    next_action: Option<String>,
    next_action_on: Option<NaiveDate>,
    won_at: Option<DateTime<Utc>>,
    lost_at: Option<DateTime<Utc>>,
    lost_reason: Option<LostReason>,
    lost_note: String,
    slept_at: Option<DateTime<Utc>>,
}

impl StateRow {
    fn read(self) -> Option<DealState> {
        Some(match self.state {
            DealStatus::Open => DealState::Open(NextAction {
                next_action: self.next_action?,
                next_action_on: self.next_action_on?,
            }),
            DealStatus::Won => DealState::Won { won_at: self.won_at? },
            DealStatus::Lost => DealState::Lost {
                lost_at: self.lost_at?,
                loss: Loss { lost_reason: self.lost_reason?, lost_note: self.lost_note },
            },
            DealStatus::Dormant => DealState::Dormant { slept_at: self.slept_at? },
        })
    }
}

impl DealRow {
    pub(super) fn read(self) -> Result<Deal, DbError> {
        let impossible =
            || diesel::result::Error::DeserializationError("a deal's state lacks its columns".into());
        Ok(Deal {
            id: self.id,
            title: self.title,
            company_id: self.company_id,
            contact_id: self.contact_id,
            stage_id: self.stage_id,
            owner_id: self.owner_id,
            amount: self.amount,
            amount_basis: self.amount_basis,
            repeats: self.repeats,
            direct: self.direct,
            expected_close_on: self.expected_close_on,
            state: self.state.read().ok_or_else(impossible)?,
            moved_at: self.moved_at,
            created_at: self.created_at,
            version: self.version,
        })
    }
}

/// What a write sets. `None` writes NULL.
#[derive(AsChangeset)]
#[diesel(table_name = deals, treat_none_as_null = true)]
struct DealValues<'a> {
    title: &'a str,
    company_id: CompanyId,
    contact_id: Option<ContactId>,
    stage_id: BoardStageId,
    owner_id: PersonId,
    amount: Yen,
    amount_basis: AmountBasis,
    expected_close_on: Option<NaiveDate>,
    moved_at: DateTime<Utc>,
    version: i32,
    state: DealStatus,
    next_action: Option<String>,
    next_action_on: Option<NaiveDate>,
    won_at: Option<DateTime<Utc>>,
    lost_at: Option<DateTime<Utc>>,
    lost_reason: Option<LostReason>,
    lost_note: &'a str,
    slept_at: Option<DateTime<Utc>>,
}

impl<'a> From<&'a Deal> for DealValues<'a> {
    fn from(deal: &'a Deal) -> Self {
        let next = deal.state.next_action();
        let (mut won_at, mut lost_at, mut slept_at, mut loss) = (None, None, None, None);
        match &deal.state {
            DealState::Open(_) => {}
            DealState::Won { won_at: at } => won_at = Some(*at),
            DealState::Lost { lost_at: at, loss: why } => (lost_at, loss) = (Some(*at), Some(why)),
            DealState::Dormant { slept_at: at } => slept_at = Some(*at),
        }
        Self {
            title: &deal.title,
            company_id: deal.company_id,
            contact_id: deal.contact_id,
            stage_id: deal.stage_id,
            owner_id: deal.owner_id,
            amount: deal.amount,
            amount_basis: deal.amount_basis,
            expected_close_on: deal.expected_close_on,
            moved_at: deal.moved_at,
            version: deal.version + 1,
            state: deal.state.status(),
            next_action: next.map(|next| next.next_action.clone()),
            next_action_on: next.map(|next| next.next_action_on),
            won_at,
            lost_at,
            lost_reason: loss.map(|loss| loss.lost_reason),
            lost_note: loss.map_or("", |loss| &loss.lost_note),
            slept_at,
        }
    }
}

/// A deal as it is opened.
#[derive(Insertable)]
#[diesel(table_name = deals, treat_none_as_default_value = false)]
struct NewDeal<'a> {
    title: &'a str,
    company_id: CompanyId,
    contact_id: Option<ContactId>,
    stage_id: BoardStageId,
    owner_id: PersonId,
    amount: Yen,
    expected_close_on: Option<NaiveDate>,
    next_action: &'a str,
    next_action_on: NaiveDate,
    moved_at: DateTime<Utc>,
    created_at: DateTime<Utc>,
    rank: String,
    changed_at: DateTime<Utc>,
    repeats_id: Option<DealId>,
    direct_source: Option<DirectSource>,
}

impl<'a> NewDeal<'a> {
    fn new(fields: &'a DealFields, stage: BoardStageId, rank: Rank, now: DateTime<Utc>) -> Self {
        Self {
            title: &fields.title,
            company_id: fields.company_id,
            contact_id: fields.contact_id,
            stage_id: stage,
            owner_id: fields.owner_id,
            amount: fields.amount,
            expected_close_on: fields.expected_close_on,
            next_action: &fields.next.next_action,
            next_action_on: fields.next.next_action_on,
            moved_at: now,
            created_at: now,
            rank: rank.to_string(),
            changed_at: now,
            repeats_id: None,
            direct_source: None,
        }
    }
}

pub(super) fn insert(
    tx: &mut Tx<'_>,
    fields: &DealFields,
    stage: BoardStageId,
    rank: Rank,
    origin: Origin,
) -> Result<Deal, DealError> {
    let now = tx.now();
    tx.raise(BOARD);
    let row: DealRow = diesel::insert_into(deals::table)
        .values(NewDeal {
            repeats_id: origin.repeats,
            direct_source: origin.direct,
            ..NewDeal::new(fields, stage, rank, now)
        })
        .returning(DealRow::as_returning())
        .get_result(tx.conn())
        .map_err(|error| refused(error.into()))?;
    Ok(row.read()?)
}

/// Opens all of them in one statement, in their order.
pub(super) fn insert_many(
    tx: &mut Tx<'_>,
    all: &[(BoardStageId, DealFields, Rank)],
) -> Result<Vec<Deal>, DealError> {
    let now = tx.now();
    tx.raise(BOARD);
    let values: Vec<NewDeal<'_>> =
        all.iter().map(|(stage, fields, rank)| NewDeal::new(fields, *stage, *rank, now)).collect();
    let rows: Vec<DealRow> = diesel::insert_into(deals::table)
        .values(&values)
        .returning(DealRow::as_returning())
        .get_results(tx.conn())
        .map_err(|error| refused(error.into()))?;
    in_order(rows)
}

/// Deals as they were inserted: numbers are drawn in the order of the rows.
pub(super) fn in_order(rows: Vec<DealRow>) -> Result<Vec<Deal>, DealError> {
    let mut opened: Vec<Deal> = rows.into_iter().map(DealRow::read).collect::<Result<_, _>>()?;
    opened.sort_unstable_by_key(|deal| deal.id);
    Ok(opened)
}

/// Begins the history of each.
pub(super) fn append_opened(tx: &mut Tx<'_>, opened: &[Deal]) -> Result<(), DbError> {
    let (actor, now) = (tx.actor().to_string(), tx.now());
    let event = |deal: &Deal| {
        (
            deal_events::deal_id.eq(deal.id),
            deal_events::kind.eq(DealEventKind::Opened),
            deal_events::to_stage_id.eq(deal.stage_id),
            deal_events::amount.eq(deal.amount),
            deal_events::actor.eq(actor.clone()),
            deal_events::happened_at.eq(now),
        )
    };
    diesel::insert_into(deal_events::table)
        .values(opened.iter().map(event).collect::<Vec<_>>())
        .execute(tx.conn())?;
    Ok(())
}

/// Writes all of a deal over the row it was read from; [`DealError::Stale`] when that is no longer at its version. Its
/// card stays where it stands in its column.
pub(super) fn update(tx: &mut Tx<'_>, deal: &Deal) -> Result<Deal, DealError> {
    write(tx, deal, None)
}

/// The same for a deal whose card goes to another place, of its column or of another.
pub(super) fn update_at(tx: &mut Tx<'_>, deal: &Deal, rank: Rank) -> Result<Deal, DealError> {
    write(tx, deal, Some(rank))
}

fn write(tx: &mut Tx<'_>, deal: &Deal, rank: Option<Rank>) -> Result<Deal, DealError> {
    let now = tx.now();
    tx.raise(BOARD);
    let guarded = deals::table.filter(deals::id.eq(deal.id)).filter(deals::version.eq(deal.version));
    let placed = rank.map(|rank| deals::rank.eq(rank.to_string()));
    let row: Option<DealRow> = diesel::update(guarded)
        .set((DealValues::from(deal), deals::changed_at.eq(now), placed))
        .returning(DealRow::as_returning())
        .get_result(tx.conn())
        .optional()
        .map_err(|error| refused(error.into()))?;
    Ok(row.ok_or(DealError::Stale)?.read()?)
}

/// Puts the card of an open deal that is still at `version` to another place of its column; says whether it was. The
/// version stays: where a card stands is no part of what its deal says, so nobody's form is out of date for it.
pub(super) fn place(tx: &mut Tx<'_>, id: DealId, version: i32, rank: Rank) -> Result<bool, DbError> {
    let now = tx.now();
    tx.raise(BOARD);
    let guarded = deals::table
        .filter(deals::id.eq(id))
        .filter(deals::version.eq(version))
        .filter(deals::state.eq(DealStatus::Open));
    let placed = diesel::update(guarded)
        .set((deals::rank.eq(rank.to_string()), deals::changed_at.eq(now)))
        .execute(tx.conn())?;
    Ok(placed == 1)
}

/// Moves a few cards apart without changing their order; one that somebody has moved meanwhile stays where it is now.
pub(super) fn spread(tx: &mut Tx<'_>, cards: &[(Spot, Rank)]) -> Result<(), DbError> {
    let ids: Vec<DealId> = cards.iter().map(|((_, id), _)| *id).collect();
    let before: Vec<String> = cards.iter().map(|((rank, _), _)| rank.to_string()).collect();
    let after: Vec<String> = cards.iter().map(|(_, rank)| rank.to_string()).collect();
    diesel::sql_query(
        "UPDATE deals SET rank = apart.after FROM unnest($1, $2, $3) AS apart (id, before, after) \
         WHERE deals.id = apart.id AND deals.rank = apart.before",
    )
    .bind::<Array<BigInt>, _>(ids)
    .bind::<Array<Text>, _>(before)
    .bind::<Array<Text>, _>(after)
    .execute(tx.conn())?;
    Ok(())
}

/// A deal that nobody else changes until this transaction ends.
pub(crate) fn locked(tx: &mut Tx<'_>, id: DealId) -> Result<Deal, DbError> {
    let row: DealRow = deals::table
        .filter(deals::id.eq(id))
        .select(DealRow::as_select())
        .for_no_key_update()
        .first(tx.conn())?;
    row.read()
}

/// A deal whose state nobody changes until this transaction ends; others may do the same at once.
pub(super) fn kept(tx: &mut Tx<'_>, id: DealId) -> Result<Deal, DbError> {
    let row: DealRow =
        deals::table.filter(deals::id.eq(id)).select(DealRow::as_select()).for_share().first(tx.conn())?;
    row.read()
}

/// Adds to the deal's history: what it has become, and the stage it came from.
pub(super) fn append_event(
    tx: &mut Tx<'_>,
    deal: &Deal,
    kind: DealEventKind,
    from: Option<BoardStageId>,
) -> Result<(), DbError> {
    append_event_because(tx, deal, kind, from, "")
}

/// The same with what was said about it, which may be nothing.
pub(super) fn append_event_because(
    tx: &mut Tx<'_>,
    deal: &Deal,
    kind: DealEventKind,
    from: Option<BoardStageId>,
    note: &str,
) -> Result<(), DbError> {
    let (actor, now) = (tx.actor().to_string(), tx.now());
    diesel::insert_into(deal_events::table)
        .values((
            deal_events::deal_id.eq(deal.id),
            deal_events::kind.eq(kind),
            deal_events::from_stage_id.eq(from),
            deal_events::to_stage_id.eq(deal.stage_id),
            deal_events::amount.eq(deal.amount),
            deal_events::actor.eq(actor),
            deal_events::happened_at.eq(now),
            deal_events::note.eq(note),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// A company, contact or owner that this town does not have is a wrong choice in its field, not our fault.
pub(super) fn refused(error: DbError) -> DealError {
    let fields = [
        ("deals_organization_id_company_id_fkey", "company_id"),
        ("deals_organization_id_contact_id_fkey", "contact_id"),
        ("deals_organization_id_owner_id_fkey", "owner_id"),
    ];
    match fields.iter().find(|(constraint, _)| error.violates(constraint)) {
        Some((_, field)) => Invalid::field(field, Code::UnknownChoice).into(),
        None => error.into(),
    }
}

/// Moves the deals of company `from`, or those of them named in `only`, to `into`; gives back which it moved. Whoever has
/// one of them open in a form reads it anew, and boards hear of it.
pub(crate) fn move_company(
    tx: &mut Tx<'_>,
    from: CompanyId,
    into: CompanyId,
    only: Option<&[i64]>,
) -> Result<Vec<i64>, DbError> {
    let now = tx.now();
    let mut moving = diesel::update(deals::table)
        .filter(deals::company_id.eq(from))
        .set((deals::company_id.eq(into), deals::version.eq(deals::version + 1), deals::changed_at.eq(now)))
        .into_boxed();
    if let Some(only) = only {
        moving = moving.filter(deals::id.eq_any(only.to_vec()));
    }
    let moved = moving.returning(deals::id).get_results(tx.conn())?;
    tx.raise(BOARD);
    Ok(moved)
}

/// The same for the deals with contact `from`.
pub(crate) fn move_contact(
    tx: &mut Tx<'_>,
    from: ContactId,
    into: ContactId,
    only: Option<&[i64]>,
) -> Result<Vec<i64>, DbError> {
    let now = tx.now();
    let mut moving = diesel::update(deals::table)
        .filter(deals::contact_id.eq(from))
        .set((deals::contact_id.eq(into), deals::version.eq(deals::version + 1), deals::changed_at.eq(now)))
        .into_boxed();
    if let Some(only) = only {
        moving = moving.filter(deals::id.eq_any(only.to_vec()));
    }
    let moved = moving.returning(deals::id).get_results(tx.conn())?;
    tx.raise(BOARD);
    Ok(moved)
}

/// How many deals are open or dormant in a stage.
pub(crate) fn count_in(tx: &mut Tx<'_>, stage: BoardStageId) -> Result<i64, DbError> {
    let in_stage = deals::table.filter(deals::stage_id.eq(stage));
    let alive = in_stage.filter(deals::state.eq_any([DealStatus::Open, DealStatus::Dormant]));
    Ok(alive.count().get_result(tx.conn())?)
}

/// Moves what is open or dormant in a stage to another, where its cards stand among the others by the ranks they have, and
/// writes each open one's history; answers how many.
pub(crate) fn move_stage(tx: &mut Tx<'_>, from: BoardStageId, into: BoardStageId) -> Result<usize, DbError> {
    let (now, actor) = (tx.now(), tx.actor().to_string());
    tx.raise(BOARD);
    let in_stage =
        |state: DealStatus| deals::table.filter(deals::stage_id.eq(from)).filter(deals::state.eq(state));
    let moved: Vec<(DealId, Yen)> = diesel::update(in_stage(DealStatus::Open))
        .set((
            deals::stage_id.eq(into),
            deals::moved_at.eq(now),
            deals::changed_at.eq(now),
            deals::version.eq(deals::version + 1),
        ))
        .returning((deals::id, deals::amount))
        .get_results(tx.conn())?;
    let asleep = diesel::update(in_stage(DealStatus::Dormant))
        .set((deals::stage_id.eq(into), deals::changed_at.eq(now), deals::version.eq(deals::version + 1)))
        .execute(tx.conn())?;
    for some in moved.chunks(EVENTS_AT_ONCE) {
        let events: Vec<_> = some
            .iter()
            .map(|(deal, amount)| {
                (
                    deal_events::deal_id.eq(*deal),
                    deal_events::kind.eq(DealEventKind::Moved),
                    deal_events::from_stage_id.eq(from),
                    deal_events::to_stage_id.eq(into),
                    deal_events::amount.eq(*amount),
                    deal_events::actor.eq(actor.clone()),
                    deal_events::happened_at.eq(now),
                )
            })
            .collect();
        diesel::insert_into(deal_events::table).values(events).execute(tx.conn())?;
    }
    Ok(moved.len() + asleep)
}

/// How many lines of history one statement writes: well below the 65,535 parameters it may have.
const EVENTS_AT_ONCE: usize = 5_000;
