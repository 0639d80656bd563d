//! Appeals (異議): whoever's work review refused asks for another reviewer's word, and gets it within days that both know.
//!
//! Invariants: nobody decides about their own refusal or their own work, by trigger `review_appeals_other_eyes` too
//! (`an_appeal_is_decided_by_other_eyes`); until it is decided the pay stands among what is expected, and what an appeal gives
//! is earned as if the version had passed when it was handed in (`what_passes_on_appeal_is_paid_from_its_receipt_and_goes_out`);
//! a unit whose refusal is appealed against does not go to others meanwhile.

pub(crate) mod events;
mod lists;
mod model;
mod store;
#[cfg(test)]
mod tests;

use chrono::NaiveDate;
use db::{DbError, Tx};
use kernel::{Code, Coded, FieldProblem, Invalid, PersonId, UnitId, date_in_japan};

pub(crate) use lists::is_open;
pub use lists::{count_open, find, mine, waiting};
pub use model::{
    Appeal, AppealId, AppealInput, AppealKey, AppealOutcome, DecideAppealInput, MyAppeal, MyRefusal,
    OpenAppeal,
};

use crate::claims;
use crate::earnings::{self, EarningKind};
use crate::hand_overs;
use crate::jobs;
use crate::quality;
use crate::reviews::{self, Review};
use crate::sampling;
use crate::submissions;
use crate::units::store::{Mark, Which};
use crate::units::{self, Move, Unit, UnitError, UnitState};
use events::{AppealDecided, AppealMade};

/// Why an appeal was not made or decided.
#[derive(Debug, thiserror::Error)]
pub enum AppealError {
    /// Fields that cannot be accepted; nothing was written.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The last day of appealing is over.
    #[error("appeals were possible until {0}")]
    Over(NaiveDate),
    /// It was made, or decided, before.
    #[error("it was made or decided before")]
    Done,
    /// The acting person made a version or a part of this unit.
    #[error("nobody decides about their own work")]
    OwnWork,
    /// The acting person refused it.
    #[error("another reviewer decides")]
    SameReviewer,
    /// The unit is somebody else's by now, so its version cannot pass any more; it can be paid.
    #[error(transparent)]
    Unit(#[from] UnitError),
    /// The database failed.
    #[error(transparent)]
    Db(DbError),
}

impl From<DbError> for AppealError {
    fn from(error: DbError) -> Self {
        if error.violates("review_appeals_once") {
            return Self::Done;
        }
        if error.violates("review_appeals_other_eyes") { Self::SameReviewer } else { Self::Db(error) }
    }
}

impl Coded for AppealError {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(invalid) => invalid.code(),
            Self::Over(_) => Code::AppealOver,
            Self::Done => Code::Conflict,
            Self::OwnWork => Code::OwnWork,
            Self::SameReviewer => Code::SameReviewer,
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

/// The last day on which a refusal of today may be appealed against, and by which an appeal of today is decided: the town's number
/// of business days.
pub(crate) fn day_after(tx: &mut Tx<'_>, day: NaiveDate) -> Result<NaiveDate, DbError> {
    Ok(jobs::business_days_after(day, quality::find(tx)?.appeal_days))
}

/// Asks for another reviewer's word about the last refusal of the acting person's work on a unit.
pub fn appeal(tx: &mut Tx<'_>, unit: UnitId, input: &AppealInput) -> Result<MyAppeal, AppealError> {
    // Held against whoever offers it to others meanwhile.
    units::store::lock(tx, unit)?;
    let refusal = mine(tx, unit)?;
    if refusal.appeal.is_some() {
        return Err(AppealError::Done);
    }
    let today = crate::today(tx);
    if today > refusal.appeal_by {
        return Err(AppealError::Over(refusal.appeal_by));
    }
    let text = input.checked()?;
    let appellant = crate::acting_person(tx)?;
    let review = reviews::find(tx, refusal.review_id)?;
    let decide_by = day_after(tx, today)?;
    let appeal = store::insert(tx, &review, appellant, &text, decide_by)?;
    let (unit, job) = about(tx, unit)?;
    queue::record(
        tx,
        &AppealMade {
            appeal: appeal.id,
            unit: unit.id,
            label: unit.label,
            job_title: job.title,
            person: appellant,
            first_checker: review.checker_id,
            text,
            decide_by,
        },
    )?;
    Ok(appeal.into())
}

fn about(tx: &mut Tx<'_>, unit: UnitId) -> Result<(Unit, jobs::Job), DbError> {
    let unit = units::find(tx, unit)?;
    let job = jobs::find(tx, unit.job_id)?;
    Ok((unit, job))
}

/// Decides an appeal: the refusal stands, stands but is paid, or the version passes after all.
pub fn decide(tx: &mut Tx<'_>, id: AppealId, input: &DecideAppealInput) -> Result<Appeal, AppealError> {
    let person = crate::acting_person(tx)?;
    let appeal = store::lock(tx, id)?;
    let review = reviews::find(tx, appeal.review_id)?;
    if review.checker_id == person {
        return Err(AppealError::SameReviewer);
    }
    if submissions::made_any_version(tx, appeal.unit_id, person)?
        || hand_overs::made_a_part(tx, appeal.unit_id, person)?
    {
        return Err(AppealError::OwnWork);
    }
    if appeal.decided_at.is_some() {
        return Err(AppealError::Done);
    }
    let (outcome, comment) = input.checked()?;
    let unit = units::store::lock(tx, appeal.unit_id)?;
    let decided = store::decide(tx, id, outcome, &comment, person)?;
    if outcome == AppealOutcome::Passed {
        restore(tx, &unit, &decided)?;
    }
    if outcome != AppealOutcome::Upheld {
        earnings::appealed(tx, decided.submission_id)?;
        let job = jobs::find(tx, unit.job_id)?;
        sampling::cleared(tx, &job, decided.appellant_id, unit.id)?;
    }
    tell(tx, &decided, &review)?;
    Ok(decided)
}

/// The unit is its maker's again and has passed. Only while nobody has gone on with it.
fn restore(tx: &mut Tx<'_>, unit: &Unit, appeal: &Appeal) -> Result<(), AppealError> {
    let is_newest = submissions::latest(tx, unit.id)?.is_some_and(|newest| newest.id == appeal.submission_id);
    if unit.state != UnitState::Rejected || !is_newest || unit.holder_id != Some(appeal.appellant_id) {
        return Err(UnitError::Moved.into());
    }
    let held = submissions::assignment_of(tx, appeal.submission_id)?;
    claims::store::again(tx, held)?;
    let mark = Mark { note: &appeal.comment, ..Mark::default() };
    units::store::advance(tx, Which::These(&[unit.id]), unit.state, Move::Restore, mark)?;
    Ok(())
}

fn tell(tx: &mut Tx<'_>, appeal: &Appeal, review: &Review) -> Result<(), DbError> {
    let (unit, job) = about(tx, appeal.unit_id)?;
    let person: PersonId = appeal.appellant_id;
    let earned = earnings::of_person(tx, person, &[unit.id])?.remove(&unit.id).unwrap_or_default();
    let pay = earned.iter().find(|one| one.kind == EarningKind::Unit);
    queue::record(
        tx,
        &AppealDecided {
            appeal: appeal.id,
            unit: unit.id,
            label: unit.label,
            job_title: job.title,
            person,
            first_checker: review.checker_id,
            outcome: appeal.outcome.unwrap_or(AppealOutcome::Upheld),
            comment: appeal.comment.clone(),
            unit_pay: pay.map(|one| one.amount),
            pay_on: pay.map(earnings::Earning::pay_on),
        },
    )?;
    Ok(())
}

/// The day of a refusal in Japan, which its days are counted from.
fn refused_on(review: &Review) -> NaiveDate {
    date_in_japan(review.reviewed_at)
}
