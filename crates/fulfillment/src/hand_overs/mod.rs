//! Hand-overs (途中までの引き渡し): somebody who has to stop gives back what they have made of a unit; coordination says what
//! share of the unit's pay that is, and whoever goes on sees it.
//!
//! Invariants: less than was proposed is decided with a reason alone, here and by `hand_overs_less_for_a_reason`; the share
//! is earned once (`earnings_one_share`), is between nothing and the unit's pay, and is paid as counted from the day the part
//! was received (tests `a_part_is_paid_once_by_its_share_and_the_next_person_sees_it`, `less_than_proposed_needs_a_reason`);
//! whoever made a part neither takes the unit again nor checks it.

pub(crate) mod events;
mod lists;
mod model;
mod store;
#[cfg(test)]
mod tests;

use db::{DbError, Tx};
use kernel::{Code, Coded, FieldProblem, Invalid, UnitId};

pub(crate) use lists::made_a_part;
pub use lists::{count_open, find, is_packed, of_unit, open, pack_of, waiting_of};
pub use model::{DecideInput, HandOver, HandOverId, HandOverInput, HandOverKey, OpenHandOver, share_of};

use crate::claims::{self, ClaimError};
use crate::drafts::{self, DraftError};
use crate::earnings::{self, EarningKind};
use crate::jobs;
use crate::submissions;
use crate::units::store::Mark;
use events::{HandOverDecided, UnitHandedOver};

/// Why a part was not handed over, or its share not decided.
#[derive(Debug, thiserror::Error)]
pub enum HandOverError {
    /// Fields that cannot be accepted; nothing was written.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The unit is not the acting person's, or is not to be handed back.
    #[error(transparent)]
    Claim(#[from] ClaimError),
    /// Another page saved the draft since this one was opened.
    #[error(transparent)]
    Draft(#[from] DraftError),
    /// The whole unit is earned already: there is no share of it left to pay.
    #[error("the unit is earned already")]
    Earned,
    /// Somebody has decided it.
    #[error("it has been decided")]
    Decided,
    /// The acting person made it themselves.
    #[error("nobody decides about their own work")]
    OwnWork,
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for HandOverError {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(invalid) => invalid.code(),
            Self::Claim(error) => error.code(),
            Self::Draft(error) => error.code(),
            Self::Earned | Self::Decided => Code::Conflict,
            Self::OwnWork => Code::OwnWork,
            Self::Db(error) => error.code(),
        }
    }

    fn fields(&self) -> &[FieldProblem] {
        match self {
            Self::Invalid(invalid) => invalid.fields(),
            Self::Claim(error) => error.fields(),
            _ => &[],
        }
    }
}

/// The coded reason with which a unit's history tells that it was given back with a part of it.
pub const HANDED_OVER: &str = "handed_over";

/// Gives a unit back with what the acting person has made of it. As with handing back there is no mark, and nobody asks why.
pub fn hand_over(tx: &mut Tx<'_>, unit: UnitId, input: HandOverInput) -> Result<HandOver, HandOverError> {
    let (held, person) = claims::lock_own(tx, unit)?;
    let draft = drafts::take(tx, unit, person, &input.seen())?;
    let drafted = draft.as_ref().map_or_else(Vec::new, |draft| draft.file_ids.clone());
    let (fields, files) = input.checked(&drafted)?;
    for file in files.iter().filter(|file| !drafted.contains(file)) {
        submissions::own_file::<HandOverError>(tx, *file, person)?;
    }
    let job = jobs::find(tx, held.job_id)?;
    let made = store::Made {
        unit,
        person,
        assignment: claims::live_assignment(tx, unit)?,
        unit_pay: job.unit_pay,
        pay_day: job.pay_day,
        fixed_pay_on: job.fixed_pay_on,
    };
    let part = store::insert(tx, &made, &fields, files)?;
    claims::give_back(tx, unit, Mark { reason: Some(HANDED_OVER), ..Mark::default() })?;
    let earned = earnings::of_person(tx, person, &[unit])?.remove(&unit).unwrap_or_default();
    if earned.iter().any(|one| one.kind == EarningKind::Unit) {
        return Err(HandOverError::Earned);
    }
    if draft.is_some() {
        drafts::consume(tx, unit, person)?;
    }
    queue::record(
        tx,
        &UnitHandedOver {
            hand_over: part.id,
            unit,
            label: held.label,
            job: job.id,
            job_title: job.title,
            order: held.order_id,
            person,
            tenths: part.tenths,
        },
    )?;
    Ok(part)
}

/// Says what share of the unit's pay a part is worth; its maker is told, and why where it is less than they thought.
pub fn decide(tx: &mut Tx<'_>, id: HandOverId, input: &DecideInput) -> Result<HandOver, HandOverError> {
    let decider = crate::acting_person(tx)?;
    let part = store::lock(tx, id)?;
    if part.person_id == decider {
        return Err(HandOverError::OwnWork);
    }
    if part.decided_at.is_some() {
        return Err(HandOverError::Decided);
    }
    let (tenths, reason) = input.checked(part.tenths)?;
    let part = store::decide(tx, id, tenths, &reason, decider)?;
    let amount = share_of(part.unit_pay, tenths);
    if amount.0 > 0 {
        earnings::share(tx, &part, amount)?;
    }
    let unit = crate::units::find(tx, part.unit_id)?;
    let job = jobs::find(tx, unit.job_id)?;
    queue::record(
        tx,
        &HandOverDecided {
            unit: unit.id,
            label: unit.label,
            job: job.id,
            job_title: job.title,
            person: part.person_id,
            proposed_tenths: part.tenths,
            tenths,
            amount,
            pay_on: part.pay_on(),
            reason,
        },
    )?;
    Ok(part)
}
