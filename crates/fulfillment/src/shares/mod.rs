//! Shares (共有): a part of an order that one town entrusts to a partner town, where it becomes that town's own order.
//!
//! One share is two rows, one in each town, with the same document, which the application may not change. The receiving town
//! decides: its row says whether it is taken, and how much of it is delivered; the sharing town asks to have it back and
//! repeats what it hears. Nothing else crosses: no worker, no other line, no other amount.
//!
//! Invariants: what is taken is one order, re-entrusted as the document says (`what_is_taken_is_one_re_entrusted_order`); of
//! an answer and a taking back at once one comes true on both sides (`of_taking_and_taking_back_one_comes_true`); no more of
//! an order is shared than it has (`no_more_is_shared_than_was_ordered`); no more is paid for a share than was agreed, and what was
//! paid is only added to (`what_is_paid_for_a_share_is_written_down_and_taken_back_with_a_reason`).

mod crossing;
pub(crate) mod events;
mod lists;
mod model;
mod store;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;

use accounts::organizations;
use clients::companies;
use db::{DbError, Tx};
use kernel::{Code, Coded, DealId, FieldProblem, Invalid, OrderId};

pub use crossing::{TellShare, register};
pub(crate) use lists::agreed_pay_day;
pub use lists::{amounts, count_waiting, find, latest_deal, list, of_order, to_pay, whole};
pub use model::{
    DeclineShareInput, OrderShare, PartnerAmounts, ShareDocument, ShareId, ShareInput, ShareKey,
    SharePayment, SharePaymentInput, ShareSide, ShareState, WholeShare,
};

use crate::orders::{self, Order, OrderState};
use crate::partners::{self, PartnerId};
use model::Room;
use store::NewShare;

/// Why nothing was shared, or no answer was given.
#[derive(Debug, thiserror::Error)]
pub enum ShareError {
    /// Fields that cannot be accepted; nothing was written.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// It was answered or taken back before.
    #[error("the share is {0}")]
    Answered(ShareState),
    /// The two towns do not work together, or not any more.
    #[error("there is no partnership")]
    NotPartners,
    /// The order has ended.
    #[error("the order is {0}")]
    Over(OrderState),
    /// The other town has not taken it, so nothing is paid for it.
    #[error("the share is {0}")]
    NotTaken(ShareState),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for ShareError {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(invalid) => invalid.code(),
            Self::Answered(_) => Code::AlreadyAnswered,
            Self::NotPartners => Code::NotOpen,
            Self::Over(_) | Self::NotTaken(_) => Code::Conflict,
            Self::Db(error) => error.code(),
        }
    }

    fn fields(&self) -> &[FieldProblem] {
        match self {
            Self::Invalid(invalid) => invalid.fields(),
            _ => &[],
        }
    }
}

/// Offers a part of an order to a partner town.
pub fn offer(tx: &mut Tx<'_>, order: OrderId, input: &ShareInput) -> Result<OrderShare, ShareError> {
    let order = orders::hold(tx, order)?;
    if !matches!(order.state, OrderState::Draft | OrderState::Running) {
        return Err(ShareError::Over(order.state));
    }
    let partner = partners::hold_known(tx, input.partner()?)?
        .ok_or_else(|| Invalid::field("partner_id", Code::UnknownChoice))?;
    if !partner.is_agreed() {
        return Err(ShareError::NotPartners);
    }
    let own = organizations::find(tx)?;
    let client = companies::find(tx, order.company_id)?.name;
    let document = input.checked(&Room {
        left: left(tx, order.id)?,
        due_on: order.due_on,
        today: crate::today(tx),
        now: tx.now(),
        client: &client,
        orderer: &own.legal_name,
        orderer_email: &own.contact_email,
    })?;
    let new = NewShare {
        partner: partner.id,
        side: ShareSide::Out,
        document_id: None,
        order: Some(order.id),
        state: ShareState::Offered,
        heard_version: 0,
    };
    let share = store::insert(tx, &new, &document)?;
    queue::enqueue(tx, &TellShare { share: share.id })?;
    Ok(share)
}

/// How many pieces of an order may still be shared: what was ordered, less what was shared already, and no more than is left
/// to be split here (what is in units is somebody's already).
pub fn left(tx: &mut Tx<'_>, order: OrderId) -> Result<i64, DbError> {
    let pieces = orders::pieces(tx, order)?;
    Ok((pieces.ordered - store::pieces_shared(tx, order)?).clamp(0, pieces.left()))
}

/// Asks to have an offer back. The receiving town's row decides: it comes back unless it was answered meanwhile. Asked twice,
/// it is asked once.
pub fn withdraw(tx: &mut Tx<'_>, id: ShareId) -> Result<OrderShare, ShareError> {
    let share = store::hold(tx, id)?;
    if share.side != ShareSide::Out {
        return Err(DbError::NotFound.into());
    }
    if share.state != ShareState::Offered {
        return Err(ShareError::Answered(share.state));
    }
    if share.withdraw_asked_at.is_some() {
        return Ok(share);
    }
    Ok(ask_back(tx, share)?)
}

/// An offer that this town may take now, kept until the transaction ends: whoever takes it records its deal first.
pub fn hold_to_accept(tx: &mut Tx<'_>, id: ShareId) -> Result<OrderShare, ShareError> {
    let share = hold_unanswered(tx, id)?;
    if !partners::find(tx, share.partner_id)?.is_agreed() {
        return Err(ShareError::NotPartners);
    }
    Ok(share)
}

/// Takes an offer as the won deal `deal`, from which its order opens.
pub fn accept(tx: &mut Tx<'_>, id: ShareId, deal: DealId) -> Result<OrderShare, ShareError> {
    let share = hold_to_accept(tx, id)?;
    let answered_at = Some(tx.now());
    let taken = OrderShare { state: ShareState::Accepted, deal_id: Some(deal), answered_at, ..share };
    Ok(said(tx, taken)?)
}

/// Does not take an offer, and says why.
pub fn decline(tx: &mut Tx<'_>, id: ShareId, input: &DeclineShareInput) -> Result<OrderShare, ShareError> {
    let reason = input.checked()?;
    let share = hold_unanswered(tx, id)?;
    let answered_at = Some(tx.now());
    Ok(said(tx, OrderShare { state: ShareState::Declined, reason, answered_at, ..share })?)
}

/// Writes down money that was paid to the partner for a share, a part of it or all, or takes an entry back. What a partner pays
/// for what it entrusted comes in for an invoice ([`crate::invoices::receive`]).
pub fn pay(tx: &mut Tx<'_>, id: ShareId, input: &SharePaymentInput) -> Result<WholeShare, ShareError> {
    let by = crate::acting_person(tx)?;
    let share = store::hold(tx, id)?;
    if share.side != ShareSide::Out {
        return Err(DbError::NotFound.into());
    }
    if !share.is_paid_for() {
        return Err(ShareError::NotTaken(share.state));
    }
    let payment = input.checked(crate::today(tx), share.paid, share.may_be_paid())?;
    store::insert_payment(tx, id, &payment, by)?;
    Ok(whole(tx, id)?)
}

fn hold_unanswered(tx: &mut Tx<'_>, id: ShareId) -> Result<OrderShare, ShareError> {
    let share = store::hold(tx, id)?;
    match (share.side, share.state) {
        (ShareSide::Out, _) => Err(DbError::NotFound.into()),
        (ShareSide::In, ShareState::Offered) => Ok(share),
        (ShareSide::In, answered) => Err(ShareError::Answered(answered)),
    }
}

/// Joins an order that opens with the share that was taken as its deal, so that it is re-entrusted from its first moment.
pub(crate) fn opened(tx: &mut Tx<'_>, order: Order) -> Result<Order, DbError> {
    let Some(id) = lists::of_deal(tx, order.deal_id)? else { return Ok(order) };
    let share = store::hold(tx, id)?;
    let order = orders::re_entrusted_as(tx, &order, share.document.re_entrusted())?;
    said(tx, OrderShare { order_id: Some(order.id), state: ShareState::Accepted, ..share })?;
    Ok(order)
}

/// Looks how far an order has come that a partner entrusted, and tells that town what is new.
fn follow(tx: &mut Tx<'_>, order: OrderId) -> Result<(), DbError> {
    let Some(id) = lists::entrusted(tx, order)? else { return Ok(()) };
    let share = store::hold(tx, id)?;
    let state = ShareState::of_order(orders::find(tx, order)?.state);
    let (delivered, accepted) = orders::pieces_out(tx, order)?;
    let count = |pieces: i64| i32::try_from(pieces).unwrap_or(i32::MAX);
    let (delivered, accepted) = (count(delivered), count(accepted));
    if (share.state, share.delivered, share.accepted) != (state, delivered, accepted) {
        said(tx, OrderShare { state, delivered, accepted, ..share })?;
    }
    Ok(())
}

/// Takes back what nobody has answered between this town and a partner with whom it has ended.
pub(crate) fn void_open(tx: &mut Tx<'_>, partner: PartnerId) -> Result<(), DbError> {
    let open = store::open_of(tx, partner)?;
    void(tx, open)
}

/// Takes back what nobody has answered of an order that has ended.
pub(crate) fn void_of_order(tx: &mut Tx<'_>, order: OrderId) -> Result<(), DbError> {
    let open = of_order(tx, order)?.into_iter().filter(|share| share.state == ShareState::Offered);
    void(tx, open.map(|share| share.id).collect())
}

fn void(tx: &mut Tx<'_>, open: Vec<ShareId>) -> Result<(), DbError> {
    for id in open {
        let share = store::hold(tx, id)?;
        if share.awaits_us() {
            give_back(tx, share)?;
        } else if share.may_be_withdrawn() {
            ask_back(tx, share)?;
        }
    }
    Ok(())
}

fn ask_back(tx: &mut Tx<'_>, share: OrderShare) -> Result<OrderShare, DbError> {
    let withdraw_asked_at = Some(tx.now());
    said(tx, OrderShare { withdraw_asked_at, ..share })
}

fn give_back(tx: &mut Tx<'_>, share: OrderShare) -> Result<OrderShare, DbError> {
    let answered_at = Some(tx.now());
    said(tx, OrderShare { state: ShareState::Withdrawn, answered_at, ..share })
}

/// Writes what this town did with a share, and has the other hear of it.
fn said(tx: &mut Tx<'_>, share: OrderShare) -> Result<OrderShare, DbError> {
    let share = store::write(tx, OrderShare { version: share.version + 1, ..share })?;
    queue::enqueue(tx, &TellShare { share: share.id })?;
    Ok(share)
}
