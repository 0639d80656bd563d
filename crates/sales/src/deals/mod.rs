//! Deals (商談): opening one, moving it over the board, winning and losing it.
//!
//! Invariants: an open deal has a next action, also by CHECK; every change of stage, state or amount leaves a row
//! in the deal's append-only history, in the same transaction; a deal is won only on a quote that stands.

mod board;
#[cfg(test)]
mod list_tests;
mod lists;
#[cfg(test)]
mod machine_tests;
mod many;
mod model;
mod moves;
mod named;
mod open_work;
mod past;
#[cfg(test)]
mod place_tests;
mod places;
mod rank;
mod reopening;
mod stays;
mod store;
#[cfg(test)]
mod tests;
mod viewed;

use chrono::NaiveDate;
use clients::contacts;
use db::{DbError, Tx};
use kernel::{
    BoardStageId, Code, Coded, ContactId, DealId, FieldProblem, Invalid, Language, PersonId, Yen,
    date_in_japan,
};

pub use board::{Card, CardKey, Change, Column, ColumnKey, board, changed_since, more};
pub use lists::{
    DealEvent, DealFilter, DealTotals, WonTotal, find, history, list, of_company, search, search_of,
    search_with, totals, won_total,
};
pub(crate) use lists::{SUM, UNDECIDED, are_entangled, cards, count_of_company, count_of_contact};
pub use many::find_many;
pub(crate) use many::{of_titles, open_many, take_back};
pub use model::{
    AmountBasis, Deal, DealEventKind, DealInput, DealState, DealStatus, LoseInput, Loss, LostReason,
    NextAction, WinInput,
};
pub(crate) use model::{optional_choice, problems_of, problems_with, read_next_action};
pub use moves::{AdvanceInput, ReorderInput, Step};
pub use open_work::{OpenWork, open_work};
pub use past::is_past;
pub(crate) use past::{PastDeal, record_many};
pub use places::{card_above, stands_in};
pub(crate) use rank::Rank;
pub use reopening::{ReopenInput, reopen, reopen_won, stands_won};
pub use stays::{Stay, stays};
pub(crate) use store::{count_in, locked, move_company, move_contact, move_stage};
pub(crate) use viewed::{FIELDS, SORTS, ids_viewed, totals_viewed, viewed};

use crate::about::About;
use crate::assigning;
use crate::direct::DirectSource;
use crate::events::{DealWon, WonLine};
use crate::pipelines::{self, PipelineId};
use crate::quotes::{self, Quote};
use crate::stages::{self, Stage, StageKind};
use model::DealFields;
use moves::{Advance, Place, Reorder};

/// Raised by transactions that changed what a board shows.
pub const BOARD: &str = "board";

/// Why a deal was not opened, changed or moved.
#[derive(Debug, thiserror::Error)]
pub enum DealError {
    /// Fields that cannot be accepted; nothing was written.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The target stage asks for fields the deal does not have; enter them first.
    #[error("the stage asks for more: {0}")]
    StageRequirement(Invalid),
    /// The target stage wins or loses the deal: use [`win`] or [`lose`], whose forms ask what they need.
    #[error("a deal goes to a {0} stage by its own form")]
    ClosingStage(StageKind),
    /// The town's rules let no deal go from the first stage to the second.
    #[error("no deal goes from {0} to {1}")]
    Step(String, String),
    /// The target stage is another pipeline's; [`transfer`] goes there.
    #[error("the stage belongs to another pipeline")]
    OtherPipeline,
    /// The deal is no longer being worked on; [`reopen`] it first, where it may be.
    #[error("the deal is {0}")]
    NotOpen(DealStatus),
    /// Only what was won is ordered again.
    #[error("a deal that is {0} cannot be repeated")]
    NotWon(DealStatus),
    /// Lost and dormant deals are reopened, and won ones with their order by [`reopen_won`].
    #[error("a deal that is {0} cannot be reopened")]
    NotClosed(DealStatus),
    /// The town has no stage of that kind; install the usual ones.
    #[error("the town has no {0} stage")]
    NoStage(StageKind),
    /// The deal has no standing quote with lines; issue one first.
    #[error("the deal has no standing quote")]
    QuoteMissing,
    /// The standing quote held until that day; confirm to win on it all the same.
    #[error("the quote held until {0}")]
    QuoteExpired(NaiveDate),
    /// Somebody changed it since it was read.
    #[error("the deal was changed meanwhile")]
    Stale,
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for DealError {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(invalid) => invalid.code(),
            Self::StageRequirement(_) => Code::StageRequirement,
            Self::ClosingStage(_) => Code::ClosingStage,
            Self::Step(..) => Code::StageStep,
            Self::OtherPipeline => Code::OtherPipeline,
            Self::NotOpen(_) => Code::DealNotOpen,
            Self::NotWon(_) | Self::NotClosed(_) | Self::NoStage(_) => Code::Conflict,
            Self::QuoteMissing => Code::QuoteMissing,
            Self::QuoteExpired(_) => Code::QuoteExpired,
            Self::Stale => Code::Stale,
            Self::Db(error) => error.code(),
        }
    }

    fn fields(&self) -> &[FieldProblem] {
        match self {
            Self::Invalid(invalid) | Self::StageRequirement(invalid) => invalid.fields(),
            _ => &[],
        }
    }
}

/// Opens a deal in the first open stage of a pipeline: the one that is named, or the town's first.
pub fn open(tx: &mut Tx<'_>, input: DealInput) -> Result<Deal, DealError> {
    let (deal, stage) = begin(tx, &input, Origin::default())?;
    meets(tx, &deal, &stage)?;
    assigning::tell(tx, About::Deal(deal.id), deal.owner_id)?;
    Ok(deal)
}

/// The same for a deal that repeats a won one. It is quoted next: what its stage asks for is checked after that, by
/// [`meets_its_stage`].
pub(crate) fn open_repeating(tx: &mut Tx<'_>, input: &DealInput, won: DealId) -> Result<Deal, DealError> {
    begin(tx, input, Origin { repeats: Some(won), direct: None }).map(|(deal, _)| deal)
}

/// The same for one that its client has ordered already; nothing is asked of it, because it is won at once.
pub(crate) fn open_ordered(tx: &mut Tx<'_>, input: &DealInput, origin: Origin) -> Result<Deal, DealError> {
    begin(tx, input, origin).map(|(deal, _)| deal)
}

/// Whether a deal has what the stage it is in asks for.
pub(crate) fn meets_its_stage(tx: &mut Tx<'_>, deal: &Deal) -> Result<(), DealError> {
    let stage = stages::find(tx, deal.stage_id)?;
    meets(tx, deal, &stage)
}

/// Where a new deal comes from, if not from somebody's selling.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Origin {
    /// The won deal that it repeats.
    pub(crate) repeats: Option<DealId>,
    /// How its order came, where that was entered directly.
    pub(crate) direct: Option<DirectSource>,
}

fn begin(tx: &mut Tx<'_>, input: &DealInput, origin: Origin) -> Result<(Deal, Stage), DealError> {
    let today = date_in_japan(tx.now());
    let fields = named::standing(tx, input.checked(tx.actor().person(), Some(today))?, None)?;
    let pipeline = pipeline_of(tx, &fields)?;
    let stage = first_stage(tx, pipeline, StageKind::Open)?;
    let rank = places::rank_at(tx, stage.id, None, Place::Top)?;
    let deal = store::insert(tx, &fields, stage.id, rank, origin)?;
    store::append_event(tx, &deal, DealEventKind::Opened, None)?;
    Ok((deal, stage))
}

/// Corrects what was entered for an open deal that was read at `version`. Dates may lie in the past: this is also
/// how history is entered. The company stays once a quote was issued to it. A new owner hears of it.
pub fn correct(tx: &mut Tx<'_>, id: DealId, version: i32, input: DealInput) -> Result<Deal, DealError> {
    let before = find(tx, id)?.owner_id;
    let deal = correct_quietly(tx, id, version, input)?;
    if deal.owner_id != before {
        assigning::tell(tx, About::Deal(id), deal.owner_id)?;
    }
    Ok(deal)
}

/// [`correct`] of which nobody is told: what a file brings, and what is told of many at once.
pub(crate) fn correct_quietly(
    tx: &mut Tx<'_>,
    id: DealId,
    version: i32,
    input: DealInput,
) -> Result<Deal, DealError> {
    let current = at_version(tx, id, version)?;
    current.must_be_open()?;
    let fields = named::standing(tx, input.checked(Some(current.owner_id), None)?, Some(current.owner_id))?;
    if quotes::standing(tx, id)?.is_some() {
        if fields.company_id != current.company_id {
            return Err(Invalid::field("company_id", Code::Conflict).into());
        }
        if fields.amount != current.amount {
            return Err(Invalid::field("amount", Code::QuoteStands).into());
        }
    }
    let (stage, revalued) = (current.stage_id, fields.amount != current.amount);
    let deal = Deal {
        amount_basis: if revalued { AmountBasis::Hand } else { current.amount_basis },
        title: fields.title,
        company_id: fields.company_id,
        contact_id: fields.contact_id,
        owner_id: fields.owner_id,
        amount: fields.amount,
        expected_close_on: fields.expected_close_on,
        state: DealState::Open(fields.next),
        ..current
    };
    let deal = store::update(tx, &deal)?;
    if revalued {
        store::append_event(tx, &deal, DealEventKind::Revalued, Some(stage))?;
    }
    Ok(deal)
}

/// Moves an open deal to another open stage of its pipeline. A closing stage answers [`DealError::ClosingStage`]; one
/// that the town's rules do not let it go to, [`DealError::Step`]; one that asks for more,
/// [`DealError::StageRequirement`] with the fields.
pub fn advance(tx: &mut Tx<'_>, id: DealId, version: i32, input: AdvanceInput) -> Result<Deal, DealError> {
    let advance = input.checked(date_in_japan(tx.now()))?;
    let current = at_version(tx, id, version)?;
    let (here, to) = (stages::find(tx, current.stage_id)?, target(tx, advance.to)?);
    if to.pipeline_id != here.pipeline_id {
        return Err(DealError::OtherPipeline);
    }
    is_a_step(&current, here, &to)?;
    go(tx, current, &to, advance)
}

/// Moves an open deal to an open stage of another pipeline. What the stage asks for counts; which stage may follow
/// which does not, because those rules are each pipeline's own. To a stage of its own pipeline it goes as by [`advance`].
pub fn transfer(tx: &mut Tx<'_>, id: DealId, version: i32, input: AdvanceInput) -> Result<Deal, DealError> {
    let advance = input.checked(date_in_japan(tx.now()))?;
    let current = at_version(tx, id, version)?;
    let (here, to) = (stages::find(tx, current.stage_id)?, target(tx, advance.to)?);
    if to.pipeline_id == here.pipeline_id {
        is_a_step(&current, here, &to)?;
    } else if !pipelines::keep_in_use(tx, to.pipeline_id)? {
        return Err(Invalid::field("to_stage", Code::UnknownChoice).into());
    }
    go(tx, current, &to, advance)
}

/// Whether the town's rules let a deal go from one stage of a pipeline to another; closing ones have forms of their own.
fn is_a_step(deal: &Deal, here: Stage, to: &Stage) -> Result<(), DealError> {
    if to.kind != StageKind::Open || to.id == here.id || here.leads_to(to.id) {
        return Ok(());
    }
    deal.must_be_open()?;
    Err(DealError::Step(here.name, to.name.clone()))
}

fn target(tx: &mut Tx<'_>, id: BoardStageId) -> Result<Stage, DealError> {
    match stages::find(tx, id) {
        Err(DbError::NotFound) => Err(Invalid::field("to_stage", Code::UnknownChoice).into()),
        Err(error) => Err(error.into()),
        Ok(stage) if stages::keep(tx, stage.id)? => Ok(stage),
        Ok(_taken_away) => Err(Invalid::field("to_stage", Code::UnknownChoice).into()),
    }
}

fn go(tx: &mut Tx<'_>, current: Deal, to: &Stage, advance: Advance) -> Result<Deal, DealError> {
    let from = current.stage_id;
    let deal = current.advanced(to, tx.now())?;
    let deal = match advance.next {
        Some(next) => deal.planned(next)?,
        None if to.id == from => return Ok(deal),
        None => deal,
    };
    if to.id == from {
        return store::update(tx, &deal);
    }
    meets(tx, &deal, to)?;
    arrive(tx, &deal, advance.place, from)
}

/// Puts the card of an open deal to another place of its column. The deal keeps its version: whoever has it open in a
/// form may still save that. A deal that was changed since it was read answers [`DealError::Stale`] all the same,
/// because it may be in another column by now.
pub fn reorder(tx: &mut Tx<'_>, id: DealId, version: i32, input: ReorderInput) -> Result<Deal, DealError> {
    let reorder = input.checked()?;
    let deal = at_version(tx, id, version)?;
    deal.must_be_open()?;
    let place = match reorder {
        Reorder::To(place) => Some(place),
        Reorder::Step(step) => places::stepped(tx, &deal, step)?,
    };
    let Some(place) = place else { return Ok(deal) };
    let rank = places::rank_at(tx, deal.stage_id, Some(id), place)?;
    if store::place(tx, id, version, rank)? { Ok(deal) } else { Err(DealError::Stale) }
}

/// Wins an open deal on its standing quote: the quote is accepted, its subtotal becomes the deal's amount, and
/// [`DealWon`] tells whoever delivers. Amounts and dates of a quote that has expired may no longer hold, so that is
/// confirmed.
pub fn win(tx: &mut Tx<'_>, id: DealId, version: i32, input: WinInput) -> Result<Deal, DealError> {
    let current = at_version(tx, id, version)?;
    current.must_be_open()?;
    let quote =
        quotes::standing(tx, id)?.filter(|quote| !quote.lines.is_empty()).ok_or(DealError::QuoteMissing)?;
    if quote.valid_until < date_in_japan(tx.now()) && !input.expired_is_confirmed() {
        return Err(DealError::QuoteExpired(quote.valid_until));
    }
    let pipeline = stages::find(tx, current.stage_id)?.pipeline_id;
    let stage = first_stage(tx, pipeline, StageKind::Won)?;
    meets(tx, &current, &stage)?;
    conclude(tx, current, stage.id, quote, Ordered::default())
}

/// What a client who ordered by themselves gave with their order.
#[derive(Debug, Default)]
pub(crate) struct Ordered {
    /// Who was sent the quote: they stand for the client from now on where nobody else does.
    pub(crate) contact: Option<ContactId>,
    /// Their own number of the order.
    pub(crate) order_number: String,
    /// Their terms or remarks.
    pub(crate) note: String,
}

/// Wins an open deal, which the caller holds, on the quote that its client has ordered on.
pub(crate) fn win_ordered(
    tx: &mut Tx<'_>,
    current: Deal,
    quote: Quote,
    ordered: Ordered,
) -> Result<Deal, DealError> {
    let pipeline = stages::find(tx, current.stage_id)?.pipeline_id;
    let stage = first_stage(tx, pipeline, StageKind::Won)?;
    let current = Deal { contact_id: current.contact_id.or(ordered.contact), ..current };
    conclude(tx, current, stage.id, quote, ordered)
}

fn conclude(
    tx: &mut Tx<'_>,
    current: Deal,
    won: BoardStageId,
    quote: Quote,
    ordered: Ordered,
) -> Result<Deal, DealError> {
    let from = current.stage_id;
    crate::sendings::keep_question(tx, &current)?;
    let deal = current.won(won, quote.subtotal, tx.now())?;
    let deal = settle(tx, &deal, DealEventKind::Won, from)?;
    if !quotes::accept(tx, &quote)? {
        return Err(DealError::Stale);
    }
    let event = won_event(tx, &deal, quote, ordered)?;
    queue::record(tx, &event)?;
    Ok(deal)
}

/// Loses an open deal for a reason.
pub fn lose(tx: &mut Tx<'_>, id: DealId, version: i32, input: LoseInput) -> Result<Deal, DealError> {
    let loss = input.checked()?;
    let current = at_version(tx, id, version)?;
    let from = current.stage_id;
    let pipeline = stages::find(tx, from)?.pipeline_id;
    let stage = first_stage(tx, pipeline, StageKind::Lost)?;
    let deal = current.lost(stage.id, loss, tx.now())?;
    settle(tx, &deal, DealEventKind::Lost, from)
}

/// Puts an open deal to sleep: it leaves the board and every list of things to do.
pub fn sleep(tx: &mut Tx<'_>, id: DealId, version: i32) -> Result<Deal, DealError> {
    let current = at_version(tx, id, version)?;
    let from = current.stage_id;
    let deal = current.slept(tx.now())?;
    settle(tx, &deal, DealEventKind::Slept, from)
}

/// Gives an open deal that was read at `version` another next action.
pub(crate) fn plan(tx: &mut Tx<'_>, id: DealId, version: i32, next: NextAction) -> Result<Deal, DealError> {
    let deal = at_version(tx, id, version)?.planned(next)?;
    store::update(tx, &deal)
}

/// Sets an open deal's amount to a quote's subtotal.
pub(crate) fn revalue(tx: &mut Tx<'_>, deal: Deal, amount: Yen) -> Result<Deal, DealError> {
    value(tx, deal, amount, AmountBasis::Quote)
}

/// Sets an open deal's amount; the version counts on even where the amount stays, because whoever looks at the deal
/// looks at another quote or other lines now.
pub(crate) fn value(tx: &mut Tx<'_>, deal: Deal, amount: Yen, basis: AmountBasis) -> Result<Deal, DealError> {
    let (before, stage) = (deal.amount, deal.stage_id);
    let deal = store::update(tx, &deal.revalued(amount, basis)?)?;
    if deal.amount != before {
        store::append_event(tx, &deal, DealEventKind::Revalued, Some(stage))?;
    }
    Ok(deal)
}

/// Who did something on a deal: the acting person, or the owner where a machine acts for them.
pub(crate) fn doer(tx: &Tx<'_>, deal: &Deal) -> PersonId {
    tx.actor().person().unwrap_or(deal.owner_id)
}

fn at_version(tx: &mut Tx<'_>, id: DealId, version: i32) -> Result<Deal, DealError> {
    let deal = find(tx, id)?;
    if deal.version == version { Ok(deal) } else { Err(DealError::Stale) }
}

/// Writes a deal that went through a transition, and its history.
fn settle(tx: &mut Tx<'_>, deal: &Deal, kind: DealEventKind, from: BoardStageId) -> Result<Deal, DealError> {
    let deal = store::update(tx, deal)?;
    store::append_event(tx, &deal, kind, Some(from))?;
    Ok(deal)
}

/// The same for a deal whose card comes to another column.
fn arrive(tx: &mut Tx<'_>, deal: &Deal, place: Place, from: BoardStageId) -> Result<Deal, DealError> {
    let rank = places::rank_at(tx, deal.stage_id, Some(deal.id), place)?;
    let deal = store::update_at(tx, deal, rank)?;
    store::append_event(tx, &deal, DealEventKind::Moved, Some(from))?;
    Ok(deal)
}

fn first_stage(tx: &mut Tx<'_>, pipeline: PipelineId, kind: StageKind) -> Result<Stage, DealError> {
    let stage = stages::first(tx, pipeline, kind)?.ok_or(DealError::NoStage(kind))?;
    // Somebody may be taking it away at this very moment.
    if stages::keep(tx, stage.id)? { Ok(stage) } else { Err(DealError::Stale) }
}

/// The pipeline a new deal begins in, which stays in use until it has.
fn pipeline_of(tx: &mut Tx<'_>, fields: &DealFields) -> Result<PipelineId, DealError> {
    if let Some(wanted) = fields.pipeline_id {
        let is_used = pipelines::keep_in_use(tx, wanted)?;
        return if is_used {
            Ok(wanted)
        } else {
            Err(Invalid::field("pipeline_id", Code::UnknownChoice).into())
        };
    }
    for one in pipelines::in_use(tx)? {
        if pipelines::keep_in_use(tx, one.id)? {
            return Ok(one.id);
        }
    }
    Err(DealError::NoStage(StageKind::Open))
}

fn meets(tx: &mut Tx<'_>, deal: &Deal, stage: &Stage) -> Result<(), DealError> {
    let has_quote = quotes::standing(tx, deal.id)?.is_some();
    deal.missing_for(stage, has_quote)
}

fn won_event(tx: &mut Tx<'_>, deal: &Deal, quote: Quote, ordered: Ordered) -> Result<DealWon, DbError> {
    let lines = quote.lines.into_iter().map(|line| WonLine {
        description: line.description,
        quantity: line.quantity,
        unit_price: line.unit_price,
        unit_minutes: line.unit_minutes,
        tax_rate: line.tax_rate,
    });
    Ok(DealWon {
        deal: deal.id,
        quote: quote.id,
        title: deal.title.clone(),
        company: deal.company_id,
        contact: deal.contact_id,
        language: language_of(tx, deal)?,
        lines: lines.collect(),
        amount: deal.amount,
        due_on: quote.deliver_on,
        client_terms: quote.terms,
        won_by: doer(tx, deal),
        order_number: ordered.order_number,
        client_note: ordered.note,
        repeats: deal.repeats,
    })
}

/// The contact's language, or the town's where nobody is named.
fn language_of(tx: &mut Tx<'_>, deal: &Deal) -> Result<Language, DbError> {
    match deal.contact_id {
        Some(contact) => Ok(contacts::find(tx, contact)?.language),
        None => Ok(accounts::organizations::find(tx)?.language),
    }
}
