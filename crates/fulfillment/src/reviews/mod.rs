//! Reviews (検品): somebody else looks at what was handed in, sends it back with a reason, or lets it pass.
//!
//! Invariants: whoever made any version of a unit never checks it, here and by the trigger `reviews_four_eyes`, and
//! whoever checked one never makes another (`submissions_four_eyes`); a version is judged once, and only the newest
//! one.

mod lists;
mod model;
mod store;
#[cfg(test)]
mod tests;

use db::{DbError, Tx};
use kernel::{Code, Coded, FieldProblem, Invalid, SubmissionId};

pub(crate) use lists::of_unit;
pub use lists::{waiting, waiting_count};
pub use model::{Fault, Review, ReviewInput, ReviewKey, ReviewReason, ToReview, Verdict};

use crate::claims::{self, EndKind};
use crate::earnings::{self, EarningKind};
use crate::events::{UnitPassed, UnitRejected, UnitReturned};
use crate::hand_overs;
use crate::jobs;
use crate::submissions::{self, Submission};
use crate::units::store::{Mark, Which};
use crate::units::{self, Move, Unit, UnitError};
use model::Decision;

/// Why a verdict was not taken.
#[derive(Debug, thiserror::Error)]
pub enum ReviewError {
    /// Fields that cannot be accepted; nothing was written.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The acting person made a version of this unit.
    #[error("makers do not review their own work")]
    OwnWork,
    /// There is a newer version, or this one was judged meanwhile.
    #[error("this version is no longer the one to judge")]
    Stale,
    /// The unit is not waiting for review.
    #[error(transparent)]
    Unit(#[from] UnitError),
    /// The database failed.
    #[error(transparent)]
    Db(DbError),
}

impl From<DbError> for ReviewError {
    fn from(error: DbError) -> Self {
        if error.violates("reviews_four_eyes") {
            return Self::OwnWork;
        }
        if error.violates("reviews_once") { Self::Stale } else { Self::Db(error) }
    }
}

impl Coded for ReviewError {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(invalid) => invalid.code(),
            Self::OwnWork => Code::OwnWork,
            Self::Stale => Code::Stale,
            Self::Unit(error) => error.code(),
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

/// Marks a version as being looked at, for the others to see; deciding does not need it.
pub fn begin(tx: &mut Tx<'_>, submission: SubmissionId) -> Result<Unit, ReviewError> {
    let checked = lock(tx, submission)?;
    let unit = checked.unit;
    units::store::advance(tx, Which::These(&[unit.id]), unit.state, Move::BeginCheck, Mark::default())?;
    Ok(units::find(tx, unit.id)?)
}

/// Judges a version: it passes, goes back to its holder, or is refused.
pub fn decide(tx: &mut Tx<'_>, submission: SubmissionId, input: ReviewInput) -> Result<Review, ReviewError> {
    let decision = input.checked()?;
    let checked = lock(tx, submission)?;
    let attempted = match &decision {
        Decision::Pass { .. } => Move::Pass,
        Decision::Against { verdict: Verdict::Reject, .. } => Move::Reject,
        Decision::Against { .. } => Move::Return,
    };
    units::next(checked.unit.state, attempted).map_err(UnitError::from)?;
    let review = store::insert(tx, &checked.submission, checked.checker, &decision)?;
    let mark =
        Mark { reason: review.reason.map(ReviewReason::as_str), note: &review.comment, ..Mark::default() };
    let (id, state) = (checked.unit.id, checked.unit.state);
    units::store::advance(tx, Which::These(&[id]), state, attempted, mark)?;
    match attempted {
        Move::Pass => earnings::settle(tx, Which::These(&[id]))?,
        Move::Reject => {
            // Refused through no fault of its maker's, it is paid (Freelance Act art. 5).
            earnings::settle(tx, Which::These(&[id]))?;
            claims::store::end(tx, Which::These(&[id]), EndKind::Rejected)?;
        }
        // There is something to do again.
        _ => claims::sign(tx, checked.unit.job_id, checked.submission.maker_id)?,
    }
    tell(tx, &checked, decision)?;
    Ok(review)
}

struct Checked {
    unit: Unit,
    submission: Submission,
    checker: kernel::PersonId,
}

/// Locks the unit of a version that the acting person may judge.
fn lock(tx: &mut Tx<'_>, id: SubmissionId) -> Result<Checked, ReviewError> {
    let checker = crate::acting_person(tx)?;
    let submission = submissions::find(tx, id)?;
    let unit = units::store::lock(tx, submission.unit_id)?;
    if submissions::made_any_version(tx, unit.id, checker)? || hand_overs::made_a_part(tx, unit.id, checker)?
    {
        return Err(ReviewError::OwnWork);
    }
    if submissions::latest(tx, unit.id)?.is_none_or(|latest| latest.id != id) {
        return Err(ReviewError::Stale);
    }
    Ok(Checked { unit, submission, checker })
}

fn tell(tx: &mut Tx<'_>, checked: &Checked, decision: Decision) -> Result<(), DbError> {
    let job = jobs::find(tx, checked.unit.job_id)?;
    let due_on = claims::due_on(tx, &checked.unit, &job)?;
    let job_title = job.title.clone();
    let (unit, submission, label) = (checked.unit.id, checked.submission.id, checked.unit.label.clone());
    let person = checked.submission.maker_id;
    match decision {
        Decision::Pass { .. } => {
            let order = checked.unit.order_id;
            let earned = earnings::of_person(tx, person, &[unit])?.remove(&unit).unwrap_or_default();
            let own = earned.iter().find(|one| one.kind == EarningKind::Unit).ok_or(DbError::NotFound)?;
            let (unit_pay, pay_on) = (own.amount, own.pay_on());
            let fact = UnitPassed { unit, submission, label, job_title, order, person, unit_pay, pay_on };
            queue::record(tx, &fact)?
        }
        Decision::Against { verdict: Verdict::Reject, reason, fault, comment } => {
            let fact = UnitRejected { unit, submission, label, job_title, reason, fault, comment, person };
            queue::record(tx, &fact)?
        }
        Decision::Against { reason, fault, comment, .. } => {
            let fact =
                UnitReturned { unit, submission, label, job_title, reason, fault, comment, person, due_on };
            queue::record(tx, &fact)?
        }
    };
    Ok(())
}
