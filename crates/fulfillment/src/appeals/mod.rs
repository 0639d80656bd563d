//! Appeals (異議): whoever's work review refused or sent back asks for another reviewer's word, and gets it within days that both know.
//!
//! A return is appealed against before anything is done again. Until it is decided the unit's clock stands still: nothing of it is
//! late, nobody is asked for it, and it is neither begun nor handed in again; its maker may still give it back. A return that stands
//! leaves them the days they had; one that was wrong lets the unit pass, or makes what is wanted a line of its own, paid anew.
//!
//! Invariants: nobody decides about their own refusal or their own work, by trigger `review_appeals_other_eyes` too
//! (`an_appeal_is_decided_by_other_eyes`); until it is decided the pay stands among what is expected, and what an appeal gives
//! is earned as if the version had passed when it was handed in (`what_passes_on_appeal_is_paid_from_its_receipt_and_goes_out`);
//! a unit whose refusal is appealed against does not go to others meanwhile; while a return is appealed against its clock stands
//! (`the_clock_of_a_return_stands_while_it_is_appealed_against`).

pub(crate) mod events;
mod lists;
mod model;
mod store;
#[cfg(test)]
mod tests;

use chrono::NaiveDate;
use db::{DbError, Tx};
use kernel::{Code, Coded, FieldProblem, Invalid, PersonId, UnitId, Yen, date_in_japan};

pub use lists::{count_open, find, mine, waiting};
pub(crate) use lists::{held, holds, is_open};
pub(crate) use model::least_due;
pub use model::{
    Appeal, AppealId, AppealInput, AppealKey, AppealOutcome, DecideAppealInput, MyAppeal, MyRefusal,
    OpenAppeal,
};

use crate::claims;
use crate::earnings::{self, EarningKind};
use crate::fixes::{self, FixError, Wanted};
use crate::hand_overs;
use crate::jobs::{self, Job};
use crate::quality;
use crate::reviews::{self, Review};
use crate::sampling;
use crate::submissions;
use crate::terms::TermsNoticeId;
use crate::units::store::{Mark, Which};
use crate::units::{self, Move, Unit, UnitError, UnitState};
use events::{AppealDecided, AppealMade};
use model::Decided;

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
    /// What is wanted now was not agreed, and its terms cannot be drawn up.
    #[error(transparent)]
    Change(#[from] FixError),
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
            Self::Change(error) => error.code(),
            Self::Unit(error) => error.code(),
            Self::Db(error) => error.code(),
        }
    }

    fn fields(&self) -> &[FieldProblem] {
        match self {
            Self::Invalid(invalid) => invalid.fields(),
            Self::Change(error) => error.fields(),
            _ => &[],
        }
    }
}

/// The last day on which a refusal or a return of today may be appealed against, and by which an appeal of today is decided: the town's number
/// of business days.
pub(crate) fn day_after(tx: &mut Tx<'_>, day: NaiveDate) -> Result<NaiveDate, DbError> {
    Ok(jobs::business_days_after(day, quality::find(tx)?.appeal_days))
}

/// Asks for another reviewer's word about the last verdict against the acting person's work on a unit.
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
    if !refusal.may_appeal {
        return Err(UnitError::Moved.into());
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
            against: review.verdict,
            first_checker: review.checker_id,
            text,
            decide_by,
        },
    )?;
    Ok(appeal.into())
}

fn about(tx: &mut Tx<'_>, unit: UnitId) -> Result<(Unit, Job), DbError> {
    let unit = units::find(tx, unit)?;
    let job = jobs::find(tx, unit.job_id)?;
    Ok((unit, job))
}

/// Decides an appeal: the verdict stands, stands but is paid, the version passes after all, or what is wanted is paid anew.
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
    let unit = units::store::lock(tx, appeal.unit_id)?;
    let job = jobs::find(tx, unit.job_id)?;
    let decided = checked(tx, (&unit, &job), &appeal, input)?;
    let kept = store::decide(tx, id, &decided, person)?;
    let terms = follow(tx, (&unit, &job), &kept, (&review, decided.extra_pay))?;
    tell(tx, &kept, &review, terms)?;
    Ok(kept)
}

/// What was typed, as far as the unit still allows it. The caller has locked it.
fn checked(
    tx: &mut Tx<'_>,
    (unit, job): (&Unit, &Job),
    appeal: &Appeal,
    input: &DecideAppealInput,
) -> Result<Decided, AppealError> {
    let (open, today) = (find(tx, appeal.id)?, crate::today(tx));
    let usual = if open.is_with_maker {
        let due_on = claims::due_on(tx, unit, job)?;
        Some(model::due_again(due_on, date_in_japan(appeal.appealed_at), today))
    } else {
        None
    };
    Ok(input.checked(AppealOutcome::possible(open.against, open.is_with_maker), today, usual)?)
}

/// What a decision makes of the unit and of its maker's pay; the terms of what is paid anew.
fn follow(
    tx: &mut Tx<'_>,
    (unit, job): (&Unit, &Job),
    decided: &Appeal,
    (review, extra_pay): (&Review, Yen),
) -> Result<Option<TermsNoticeId>, AppealError> {
    let mut terms = None;
    match decided.outcome.unwrap_or(AppealOutcome::Upheld) {
        AppealOutcome::Upheld => {
            goes_on(tx, (unit, job), decided)?;
            return Ok(None);
        }
        AppealOutcome::Passed => restore(tx, unit, decided)?,
        AppealOutcome::Changed => {
            let due_on = decided.due_on.ok_or(DbError::NotFound)?;
            let wanted = Wanted {
                review: review.id,
                by: decided.decided_by.unwrap_or(review.checker_id),
                comment: &decided.comment,
            };
            terms = Some(fixes::change(tx, unit, job, wanted, (extra_pay, due_on))?);
            claims::sign(tx, job.id, decided.appellant_id)?;
        }
        AppealOutcome::Paid => {}
    }
    if decided.outcome != Some(AppealOutcome::Changed) {
        earnings::appealed(tx, decided.submission_id)?;
    }
    sampling::cleared(tx, job, decided.appellant_id, unit.id)?;
    Ok(terms)
}

/// A return that stands: the unit is due again on its new day, and its claim begins anew.
fn goes_on(tx: &mut Tx<'_>, (unit, job): (&Unit, &Job), decided: &Appeal) -> Result<(), DbError> {
    let Some(due_on) = decided.due_on else { return Ok(()) };
    if claims::due_on(tx, unit, job)? != due_on {
        units::store::set_due(tx, unit.id, due_on)?;
    }
    claims::sign(tx, job.id, decided.appellant_id)
}

/// The unit is its maker's again and has passed. Only while nobody has gone on with it.
fn restore(tx: &mut Tx<'_>, unit: &Unit, appeal: &Appeal) -> Result<(), AppealError> {
    let is_newest = submissions::latest(tx, unit.id)?.is_some_and(|newest| newest.id == appeal.submission_id);
    let is_against = matches!(unit.state, UnitState::Rejected | UnitState::Returned);
    if !is_against || !is_newest || unit.holder_id != Some(appeal.appellant_id) {
        return Err(UnitError::Moved.into());
    }
    if unit.state == UnitState::Rejected {
        // A refusal ended their hold.
        let held = submissions::assignment_of(tx, appeal.submission_id)?;
        claims::store::again(tx, held)?;
    }
    let mark = Mark { note: &appeal.comment, ..Mark::default() };
    units::store::advance(tx, Which::These(&[unit.id]), unit.state, Move::Restore, mark)?;
    Ok(())
}

fn tell(
    tx: &mut Tx<'_>,
    appeal: &Appeal,
    review: &Review,
    terms_notice: Option<TermsNoticeId>,
) -> Result<(), DbError> {
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
            against: review.verdict,
            first_checker: review.checker_id,
            due_on: appeal.due_on,
            terms_notice,
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
