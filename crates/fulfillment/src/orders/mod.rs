//! Orders (受注): opened from a won deal, started, closed by the last accepted piece, closed short, or called off.
//!
//! Invariants: a deal has one order at most, however often its event arrives; an order closes by itself once as many
//! pieces are accepted as were ordered and never with fewer; closing short is somebody's decision, with a reason.

mod due;
pub(crate) mod events;
mod ledger;
mod lists;
mod model;
mod re_entrusted;
mod standing;
mod status;
mod store;
#[cfg(test)]
mod tests;
mod worth;

use db::{DbError, Tx};
use kernel::{Code, Coded, DealId, FieldProblem, Invalid, OrderId};

pub use due::{DueMove, MoveDueInput, due_moves, move_due};
pub(crate) use ledger::count_answer;
pub use ledger::{accepted_by_origin, accepted_in, accepted_total, accepted_totals, last_accepted_on};
pub use lists::{
    EndedKey, OrderFilter, ended, find, lines, list, of_deal, ready_to_deliver, search, terms, titles, totals,
};
pub(crate) use lists::{are_entangled, count_of_company, count_of_contact};
pub use model::{
    CloseShortInput, OpenOrder, Order, OrderKey, OrderLine, OrderState, OrderStep, Pieces, Progress, Refused,
    next,
};
pub(crate) use re_entrusted::re_entrusted_as;
pub use re_entrusted::{ReEntrustInput, ReEntrusted, re_entrust};
pub(crate) use standing::pieces_out;
pub use standing::{all_running, counts, people, pieces, progress, running, status, statuses};
pub use status::{Hours, InHand, OrderCounts, OrderStatus, PersonShare, Schedule};
pub(crate) use store::{hold, move_company, move_contact};
pub use worth::accepted_worth;

use crate::events::{
    CancelledUnit, OrderAccepted, OrderClosedShort, OrderOpened, OrderWithdrawn, UnitsCancelled,
};
use crate::jobs::JobError;
use crate::units::{self, CancelInput, Cancellation, UnitError};
use crate::{acceptance, jobs, shares};

/// Why an order was not opened, started or cancelled.
#[derive(Debug, thiserror::Error)]
pub enum OrderError {
    /// Fields that cannot be accepted; nothing was written.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// Not from this state.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The order has ended.
    #[error("the order is {0}")]
    Over(OrderState),
    /// Somebody has begun it, or it has ended: it is not taken back with its deal any more.
    #[error("the order is {0} and no draft")]
    Begun(OrderState),
    /// Units are still open: each is finished or called off first, because each has somebody to be paid.
    #[error("{0} units are still open")]
    UnitsOpen(i64),
    /// Somebody has taken a unit of it, and the terms they agreed to stand.
    #[error("somebody has agreed to terms already")]
    Arranged,
    /// Nothing is accepted: such an order is cancelled, not closed.
    #[error("nothing is accepted yet")]
    NothingAccepted,
    /// One of its units did not move.
    #[error(transparent)]
    Unit(#[from] UnitError),
    /// One of the jobs it repeats could not be made once more.
    #[error(transparent)]
    Job(#[from] JobError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for OrderError {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(invalid) => invalid.code(),
            Self::Refused(_) | Self::Over(_) | Self::UnitsOpen(_) | Self::NothingAccepted => Code::Conflict,
            Self::Begun(_) => Code::OrderBegun,
            Self::Arranged => Code::WorkHeld,
            Self::Unit(error) => error.code(),
            Self::Job(error) => error.code(),
            Self::Db(error) => error.code(),
        }
    }

    fn fields(&self) -> &[FieldProblem] {
        match self {
            Self::Invalid(invalid) => invalid.fields(),
            Self::Unit(error) => error.fields(),
            Self::Job(error) => error.fields(),
            _ => &[],
        }
    }
}

/// Opens the order of a won deal, or gives back the one that the deal has already: the event may come twice. One that
/// repeats another begins with the same jobs.
pub fn open_from_deal(tx: &mut Tx<'_>, open: OpenOrder) -> Result<Order, OrderError> {
    let before = match open.repeats {
        Some(deal) => of_deal(tx, deal)?,
        None => None,
    };
    let Some(order) = store::insert(tx, &open, before.as_ref())? else {
        return of_deal(tx, open.deal_id)?.ok_or(OrderError::Db(DbError::NotFound));
    };
    store::insert_lines(tx, order.id, &open.lines)?;
    let order = match &before {
        Some(before) => re_entrusted::as_before(tx, order, before)?,
        None => order,
    };
    let order = shares::opened(tx, order)?;
    if let Some(before) = before {
        jobs::repeat(tx, &order, &before)?;
    }
    queue::record(
        tx,
        &OrderOpened {
            order: order.id,
            deal: order.deal_id,
            company: order.company_id,
            title: order.title.clone(),
            amount: order.amount,
            due_on: order.due_on,
        },
    )?;
    Ok(order)
}

/// Begins an order: from now on its jobs may be offered.
pub fn start(tx: &mut Tx<'_>, id: OrderId) -> Result<Order, OrderError> {
    let order = hold(tx, id)?;
    let state = next(order.state, OrderStep::Start)?;
    Ok(store::set_state(tx, &order, state)?)
}

/// Calls an order off: every unit that is not accepted is cancelled with what its holder is owed, and the client's
/// links stop working.
pub fn cancel(tx: &mut Tx<'_>, id: OrderId, input: CancelInput) -> Result<Order, OrderError> {
    let order = hold(tx, id)?;
    let state = next(order.state, OrderStep::Cancel)?;
    // Claims do not ask the order: only with every unit locked is it sure that nobody holds one.
    units::store::lock_of_order(tx, id)?;
    let cancellation =
        if progress(tx, id)?.arranged() == 0 { input.checked_of_nobody()? } else { input.checked()? };
    let told = end_work(tx, id, &cancellation)?;
    let order = store::set_state(tx, &order, state)?;
    queue::record(
        tx,
        &UnitsCancelled {
            order: id,
            title: order.title.clone(),
            units: told,
            fault: cancellation.fault,
            note: cancellation.note,
        },
    )?;
    Ok(order)
}

/// Takes back the order of a deal that is opened again, with its reason, while it is a draft: nobody has begun it, so
/// nothing is owed. Nothing to do where the deal has none yet: whoever opens one asks whether the deal is still won.
///
/// The deal may be won once more, and another order is opened for it then.
pub fn withdraw(tx: &mut Tx<'_>, deal: DealId, because: &str) -> Result<Option<Order>, OrderError> {
    let Some(order) = of_deal(tx, deal)? else { return Ok(None) };
    let order = hold(tx, order.id)?;
    if order.state != OrderState::Draft {
        return Err(OrderError::Begun(order.state));
    }
    units::store::lock_of_order(tx, order.id)?;
    let cancellation = CancelInput { note: because.into(), ..CancelInput::default() }.checked_of_nobody()?;
    end_work(tx, order.id, &cancellation)?;
    let order = store::withdraw(tx, &order, because)?;
    let withdrawn_by = tx.actor().person();
    queue::record(
        tx,
        &OrderWithdrawn {
            order: order.id,
            deal,
            company: order.company_id,
            title: order.title.clone(),
            amount: order.amount,
            because: because.to_owned(),
            withdrawn_by,
        },
    )?;
    Ok(Some(order))
}

/// Calls off every unit that is not over, closes the jobs and ends the client's links; gives back whom it concerns.
fn end_work(
    tx: &mut Tx<'_>,
    id: OrderId,
    cancellation: &Cancellation,
) -> Result<Vec<CancelledUnit>, OrderError> {
    let told = units::call_off_order(tx, id, cancellation)?;
    jobs::close_finished(tx, id)?;
    acceptance::revoke_of_order(tx, id)?;
    shares::void_of_order(tx, id)?;
    Ok(told)
}

/// Closes an order of which fewer pieces are accepted than were ordered, because no more will be made. Only what is
/// accepted counts from then on ([`accepted_total`]), and the reason stays with the order.
pub fn close_short(tx: &mut Tx<'_>, id: OrderId, input: CloseShortInput) -> Result<Order, OrderError> {
    let reason = input.checked()?;
    let order = hold(tx, id)?;
    let state = next(order.state, OrderStep::Close)?;
    let progress = progress(tx, id)?;
    if progress.accepted == 0 {
        return Err(OrderError::NothingAccepted);
    }
    if !progress.is_complete() {
        return Err(OrderError::UnitsOpen(progress.live() - progress.accepted));
    }
    let pieces = pieces(tx, id)?;
    let reached = worth::closed_short(tx, &order)?;
    let accepted_amount = reached.whole;
    jobs::close_finished(tx, id)?;
    shares::void_of_order(tx, id)?;
    let order = store::set_state_because(tx, &order, state, Some(&reason))?;
    ledger::count_closed_short(tx, &order, &reached)?;
    queue::record(
        tx,
        &OrderClosedShort {
            order: id,
            deal: order.deal_id,
            company: order.company_id,
            title: order.title.clone(),
            amount: order.amount,
            accepted_amount,
            ordered: pieces.ordered,
            accepted: pieces.accepted,
            reason,
        },
    )?;
    Ok(order)
}

/// Closes what is finished: jobs without open units, and the order itself when no unit is open and as many pieces are
/// accepted as were ordered. The order must be held, so that of two last acceptances one sees the other.
pub(crate) fn settle(tx: &mut Tx<'_>, order: &Order) -> Result<bool, DbError> {
    jobs::close_finished(tx, order.id)?;
    let Ok(state) = next(order.state, OrderStep::Close) else {
        return Ok(false);
    };
    if !progress(tx, order.id)?.is_complete() || !pieces(tx, order.id)?.are_complete() {
        return Ok(false);
    }
    shares::void_of_order(tx, order.id)?;
    let order = store::set_state(tx, order, state)?;
    ledger::count_closed(tx, &order)?;
    queue::record(
        tx,
        &OrderAccepted {
            order: order.id,
            deal: order.deal_id,
            company: order.company_id,
            title: order.title,
            amount: order.amount,
        },
    )?;
    Ok(true)
}
