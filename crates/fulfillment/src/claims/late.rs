//! Handing in what one had made when the claim of it ended: it is taken as long as nobody else holds the unit.

use db::{DbError, Tx};
use kernel::{PersonId, UnitId};

use super::{ClaimError, keeping, lists, lock_own, store};
use crate::earnings::{self, EarningKind};
use crate::jobs::{self, JobState};
use crate::orders::{self, OrderState};
use crate::rounds;
use crate::units::store::{Mark, Which};
use crate::units::{self, Move, Unit, UnitState};

/// Locks a unit whose work the acting person hands in: theirs, or one that was theirs until their claim ended by itself, and
/// that is theirs again by this. [`ClaimError::Lapsed`] where somebody else has it by now.
pub(crate) fn lock_to_hand_in(tx: &mut Tx<'_>, id: UnitId) -> Result<(Unit, PersonId), ClaimError> {
    let person = crate::acting_person(tx)?;
    let seen = units::find(tx, id)?;
    if seen.holder_id == Some(person) || lists::lapsed(tx, id, person)?.is_none() {
        return lock_own(tx, id);
    }
    // In the order in which everybody locks who takes waiting units away: order, job, unit.
    let order = orders::hold(tx, seen.order_id)?;
    let job = jobs::store::hold(tx, seen.job_id)?;
    let unit = units::store::lock(tx, id)?;
    if unit.holder_id == Some(person) {
        return Ok((unit, person));
    }
    let lapsed = lists::lapsed(tx, id, person)?.ok_or(ClaimError::Lapsed)?;
    let is_open = order.state == OrderState::Running && job.state == JobState::Offered;
    if !is_open || !UnitState::NOBODYS.contains(&unit.state) || has_earned(tx, id, person)? {
        return Err(ClaimError::Lapsed);
    }
    let which = Which::These(&[id]);
    if unit.state == UnitState::Draft {
        units::store::advance(tx, which, unit.state, Move::Offer, Mark::default())?;
    }
    let mark = Mark { holder: Some(person), ..Mark::default() };
    units::store::advance(tx, which, UnitState::Offered, Move::Claim, mark)?;
    store::again(tx, lapsed)?;
    // Others may have been promised it.
    rounds::cut(tx, which)?;
    keeping::begin(tx, &job, person)?;
    Ok((units::find(tx, id)?, person))
}

/// A unit that was the acting person's until nothing was heard of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LapsedUnit {
    /// The unit.
    pub unit: UnitId,
    /// What it is called.
    pub label: String,
    /// What it was worked from.
    pub content: String,
    /// What its job is called.
    pub job_title: String,
    /// How it was to be done.
    pub rules: String,
    /// Whether what they had made is still taken: nobody else has it.
    pub is_free: bool,
}

/// A unit whose last claim by the acting person ended by itself; [`DbError::NotFound`] for any other.
pub fn find_lapsed(tx: &mut Tx<'_>, id: UnitId) -> Result<LapsedUnit, DbError> {
    let person = crate::acting_person(tx)?;
    let unit = units::find(tx, id)?;
    if unit.holder_id == Some(person) || lists::lapsed(tx, id, person)?.is_none() {
        return Err(DbError::NotFound);
    }
    let (order, job) = (orders::find(tx, unit.order_id)?, jobs::find(tx, unit.job_id)?);
    let is_open = order.state == OrderState::Running && job.state == JobState::Offered;
    let is_free = is_open && UnitState::NOBODYS.contains(&unit.state) && !has_earned(tx, id, person)?;
    Ok(LapsedUnit {
        unit: id,
        label: unit.label,
        content: unit.content,
        job_title: job.title,
        rules: job.rules,
        is_free,
    })
}

/// Whether a unit is, or was until its claim ended by itself, the acting person's; [`DbError::NotFound`] where not.
pub fn reach(tx: &mut Tx<'_>, id: UnitId) -> Result<(), DbError> {
    let person = crate::acting_person(tx)?;
    let is_theirs = units::find(tx, id)?.holder_id == Some(person);
    if is_theirs || lists::lapsed(tx, id, person)?.is_some() { Ok(()) } else { Err(DbError::NotFound) }
}

fn has_earned(tx: &mut Tx<'_>, unit: UnitId, person: PersonId) -> Result<bool, DbError> {
    let earned = earnings::of_person(tx, person, &[unit])?.remove(&unit).unwrap_or_default();
    Ok(earned.iter().any(|one| one.kind == EarningKind::Unit))
}
