//! Units (単位作業): the smallest things one worker does, and every move they make.
//!
//! Invariant: a unit changes state only through [`next`], and each change writes its event in the same statement
//! (test `interleavings_keep_every_promise`). An order that is over has no unit that is not (triggers
//! `units_end_once`, `orders_end_with_their_units`; test `an_order_called_off_while_its_unit_moves_keeps_none_alive`).
//! How many there are of each kind is always the sum over `unit_counts` (test `counts_are_what_counting_every_unit_gives`).

pub mod counts;
pub(crate) mod due;
mod lists;
pub mod materials;
mod model;
pub(crate) mod store;
#[cfg(test)]
mod tests;

use db::{DbError, Tx};
use kernel::{Code, Coded, FieldProblem, Invalid, OrderId, UnitId};

pub use lists::{UnitEvent, UnitFilter, UnitKey, find, history, of_job};
pub(crate) use lists::{closed_to, first_decided, waiting_days};
pub(crate) use model::Cancellation;
pub use model::{CancelFault, CancelInput, Move, PassedBasis, Refused, Unit, UnitState, next, way_to_submit};
pub use store::NewUnit;

use crate::appeals;
use crate::claims::{self, EndKind};
use crate::earnings;
use crate::events::{CancelledUnit, UnitsCancelled};
use crate::orders;
use crate::reviews;
use crate::rounds;
use store::{Mark, Which};

/// Why a unit was not moved.
#[derive(Debug, thiserror::Error)]
pub enum UnitError {
    /// Fields that cannot be accepted; nothing was written.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// Not from this state.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// Somebody moved it since it was read.
    #[error("the unit was moved meanwhile")]
    Moved,
    /// Whoever made it appealed against its refusal; that is decided first.
    #[error("an appeal against its refusal waits")]
    Appealed,
    /// The acting person would be paid by it.
    #[error("nobody decides about their own pay")]
    OwnWork,
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for UnitError {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(invalid) => invalid.code(),
            Self::Refused(_) | Self::Moved => Code::Conflict,
            Self::Appealed => Code::Appealed,
            Self::OwnWork => Code::OwnWork,
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

/// Offers a unit that review refused to others; the versions made so far stay, and their makers will not check it.
pub fn reoffer(tx: &mut Tx<'_>, id: UnitId) -> Result<Unit, UnitError> {
    let unit = store::lock(tx, id)?;
    if unit.state == UnitState::ClaimedBack {
        // Only a decision about the fix opens it again ([`crate::fixes::decide`]).
        return Err(Refused { state: unit.state, attempted: Move::Reoffer }.into());
    }
    if appeals::is_open(tx, id)? {
        return Err(UnitError::Appealed);
    }
    store::advance(tx, Which::These(&[id]), unit.state, Move::Reoffer, Mark::default())?;
    claims::store::end(tx, Which::These(&[id]), EndKind::TakenBack)?;
    rounds::freed(tx, unit.job_id)?;
    Ok(find(tx, id)?)
}

/// Calls one unit off; what its holder is owed is written down with it. The order closes by this if the unit was
/// all it waited for.
pub fn cancel(tx: &mut Tx<'_>, id: UnitId, input: CancelInput) -> Result<Unit, UnitError> {
    let order = find(tx, id)?.order_id;
    let order = orders::hold(tx, order)?;
    let unit = store::lock(tx, id)?;
    let cancellation = if UnitState::NOBODYS.contains(&unit.state) {
        input.checked_of_nobody()?
    } else {
        input.checked()?
    };
    let told = call_off(tx, Which::These(&[id]), &[unit.state], &cancellation)?;
    queue::record(
        tx,
        &UnitsCancelled {
            order: order.id,
            title: order.title.clone(),
            units: told,
            fault: cancellation.fault,
            note: cancellation.note,
        },
    )?;
    orders::settle(tx, &order)?;
    Ok(find(tx, id)?)
}

/// Calls every unit of an order off that is not over. The caller has locked all of them: the states are walked through
/// one by one, and a unit that moved back meanwhile would be passed by.
pub(crate) fn call_off_order(
    tx: &mut Tx<'_>,
    order: OrderId,
    cancellation: &Cancellation,
) -> Result<Vec<CancelledUnit>, UnitError> {
    let open: Vec<_> = UnitState::ALL.iter().copied().filter(|state| !state.is_final()).collect();
    call_off(tx, Which::OfOrder(order), &open, cancellation)
}

/// Cancels the units of `which` that are in one of `states`, and ends their assignments. Gives back those that
/// somebody held. The caller has locked them.
///
/// Invariant: nobody earns by calling work off themselves, neither a compensation nor the pay of what was received and not
/// checked (test `nobody_is_paid_by_what_they_call_off_themselves`).
pub(crate) fn call_off(
    tx: &mut Tx<'_>,
    which: Which<'_>,
    states: &[UnitState],
    cancellation: &Cancellation,
) -> Result<Vec<CancelledUnit>, UnitError> {
    let held = lists::held(tx, which, states)?;
    let earned_before = earnings::count_of_acting(tx, which)?;
    if cancellation.pays_what_was_received() {
        earnings::settle(tx, which)?;
    }
    earnings::compensate(tx, which, cancellation.under_way)?;
    if earnings::count_of_acting(tx, which)? > earned_before {
        return Err(UnitError::OwnWork);
    }
    let mark = Mark {
        reason: Some(cancellation.fault.as_str()),
        note: &cancellation.note,
        cancelled: Some(cancellation.fault),
        ..Mark::default()
    };
    for state in states {
        store::advance_any(tx, which, *state, Move::Cancel, mark)?;
    }
    claims::store::end(tx, which, EndKind::Cancelled)?;
    reviews::forget(tx, which)?;
    rounds::cut(tx, which)?;
    lists::cancelled(tx, &held)
}
