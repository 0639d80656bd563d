//! Reviews (検品): somebody else looks at what was handed in, sends it back with a reason, or lets it pass.
//!
//! What is looked at and what was found lies beside each verdict (`findings`); whoever looks at a version has it for a while
//! (`leases`).
//!
//! A job may ask for two looks, one after the other: what passed the first waits for another person's, and only the last verdict
//! decides. Until then its unit stays `checking`, so that its maker cannot take it back, nothing is earned by it, and no plan of
//! sampling counts it. Two people have to see what goes out, so it is two for each version, and whoever looked at an earlier
//! version may look at a later one. What the sampling plan lets by passes unseen by both; a unit marked as critical by neither.
//!
//! Invariants: nobody looks twice at one version, here and by the trigger `reviews_other_eyes`, and nothing passes with fewer looks
//! than its job asks for (`reviews_all_levels`; test `a_second_look_is_another_persons_and_alone_decides`); whoever made any version of a unit never checks it, here and by the trigger `reviews_four_eyes`, and
//! whoever checked one never makes another (`submissions_four_eyes`); a version is judged once, and only the newest
//! one; beyond the rework cap nothing goes back through its maker's fault without coaching (`reviews_rework_cap`); a
//! specification that changed is a line paid anew (`fix_decisions_of_changes`).

pub(crate) mod events;
mod findings;
mod leases;
mod lists;
mod model;
mod store;
#[cfg(test)]
mod tests;

use db::{DbError, Tx};
use kernel::{Code, Coded, FieldProblem, Invalid, SubmissionId, Typed, Yen};

pub use findings::{AnswerInput, Answered, CheckAnswer, Remark, RemarkInput};
pub use leases::{begin, holder, next, release};
pub(crate) use leases::{forget, tend};
pub(crate) use lists::{find, in_second, of_unit};
pub use lists::{returns_of, second_count, sent_back_of, taken_count, waiting, waiting_count};
pub use model::{Fault, Lease, Review, ReviewInput, ReviewKey, ReviewReason, ToReview, Verdict};

use crate::appeals;
use crate::checks;
use crate::claims::{self, EndKind};
use crate::coachings;
use crate::defects;
use crate::earnings::{self, EarningKind};
use crate::fixes::{self, FixError};
use crate::hand_overs;
use crate::jobs::{self, Job};
use crate::sampling;
use crate::second_looks;
use crate::submissions::{self, Submission};
use crate::terms::TermsNoticeId;
use crate::units::store::{Mark, Which};
use crate::units::{self, Move, Unit, UnitError, UnitState};
use events::{UnitPassed, UnitRejected, UnitReturned};
use findings::Known;
use model::{Change, Decision};

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
    /// Somebody else has taken this version.
    #[error("somebody else checks this version")]
    Taken,
    /// The acting person let this version pass the first look.
    #[error("another person looks a second time")]
    SameReviewer,
    /// The unit is not waiting for review.
    #[error(transparent)]
    Unit(#[from] UnitError),
    /// What is wanted now was not agreed: its terms cannot be drawn up.
    #[error(transparent)]
    Change(#[from] FixError),
    /// The database failed.
    #[error(transparent)]
    Db(DbError),
}

impl From<DbError> for ReviewError {
    fn from(error: DbError) -> Self {
        if error.violates("reviews_four_eyes") {
            return Self::OwnWork;
        }
        if error.violates("reviews_other_eyes") {
            return Self::SameReviewer;
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
            Self::Taken => Code::ReviewTaken,
            Self::SameReviewer => Code::SameReviewer,
            Self::Unit(error) => error.code(),
            Self::Change(error) => error.code(),
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

/// Judges a version: it passes, goes back to its holder, or is refused. Nobody decides about what somebody else has taken.
pub fn decide(tx: &mut Tx<'_>, submission: SubmissionId, input: ReviewInput) -> Result<Review, ReviewError> {
    let checked = lock(tx, submission)?;
    if store::lease(tx, submission)?.is_some_and(|lease| lease.checker_id != checked.checker) {
        return Err(ReviewError::Taken);
    }
    let job = jobs::find(tx, checked.unit.job_id)?;
    let known = known(tx, &checked, &job, &input.checks)?;
    let (decision, findings) = input.checked(&known)?;
    let attempted = decision.leads_to();
    units::next(checked.unit.state, attempted).map_err(UnitError::from)?;
    let coaching = attempted == Move::Return && is_once_too_often(tx, &checked, &decision, &known)?;
    let appeal_by = match attempted {
        Move::Pass => None,
        _ => Some(appeals::day_after(tx, known.today)?),
    };
    let is_last = attempted != Move::Pass || checked.level >= job.review_levels;
    let follows = store::Follows { level: checked.level, is_last, coaching, appeal_by };
    let review = store::insert(tx, &checked.submission, checked.checker, &decision, follows)?;
    store::insert_findings(tx, review.id, &findings, &known)?;
    let is_good = decision.is_good();
    // Whoever looks second knows how the first look ended: that says nothing of whether reviewers judge alike.
    if is_good.is_some() && checked.level == 1 {
        second_looks::draw(tx, &review)?;
    }
    store::let_go(tx, checked.unit.id, None)?;
    if is_last {
        sampling::note(tx, &job, &checked.submission, is_good)?;
        follow(tx, &checked, &job, decision, &review)?;
    } else if checked.unit.state == UnitState::Submitted {
        let which = Which::These(&[checked.unit.id]);
        units::store::advance(tx, which, checked.unit.state, Move::BeginCheck, Mark::default())?;
    }
    Ok(lists::filled(tx, vec![review])?.pop().ok_or(DbError::NotFound)?)
}

/// What the last verdict makes of the unit, of its maker's pay and of whoever has to hear of it.
fn follow(
    tx: &mut Tx<'_>,
    checked: &Checked,
    job: &Job,
    decision: Decision,
    review: &Review,
) -> Result<(), ReviewError> {
    let attempted = decision.leads_to();
    let mark =
        Mark { reason: review.reason.map(ReviewReason::as_str), note: &review.comment, ..Mark::default() };
    let (id, state) = (checked.unit.id, checked.unit.state);
    let terms = match &decision {
        Decision::Against { change: Some(change), .. } => {
            Some(fixes::change(tx, &checked.unit, job, review.into(), (change.extra_pay, change.due_on))?)
        }
        _ => None,
    };
    units::store::advance(tx, Which::These(&[id]), state, attempted, mark)?;
    match attempted {
        Move::Pass => earnings::settle(tx, Which::These(&[id]))?,
        Move::Reject => {
            // Refused through no fault of its maker's, it is paid (Freelance Act art. 5).
            earnings::settle(tx, Which::These(&[id]))?;
            claims::store::end(tx, Which::These(&[id]), EndKind::Rejected)?;
        }
        // There is something to do again. A day of its own was agreed where something else is wanted.
        _ => {
            if terms.is_none() {
                leave_time(tx, checked, job)?;
            }
            claims::sign(tx, checked.unit.job_id, checked.submission.maker_id)?;
        }
    }
    if review.coaching {
        coachings::open(tx, review, checked.submission.maker_id)?;
    }
    Ok(tell(tx, checked, decision, review, terms)?)
}

/// Puts off the day of what comes back on it, or shortly before: as much time is left as after an appeal.
fn leave_time(tx: &mut Tx<'_>, checked: &Checked, job: &Job) -> Result<(), DbError> {
    let least = appeals::least_due(crate::today(tx));
    if claims::due_on(tx, &checked.unit, job)? < least {
        units::store::set_due(tx, checked.unit.id, least)?;
    }
    Ok(())
}

/// What there is to answer and to choose from. Answers to an older wording of the checks are refused: somebody changed them since
/// the page was opened.
fn known(tx: &mut Tx<'_>, checked: &Checked, job: &Job, answered: &Typed) -> Result<Known, ReviewError> {
    let checks = checks::newest(tx, job.id)?;
    let number = checks.as_ref().map_or(0, |checks| checks.number).to_string();
    let said = answered.as_str().trim();
    if !said.is_empty() && said != number {
        return Err(ReviewError::Stale);
    }
    Ok(Known {
        checks,
        kinds: defects::kinds(tx)?,
        files: checked.submission.file_ids.clone(),
        text_lines: i64::try_from(checked.submission.result_text.lines().count()).unwrap_or(i64::MAX),
        today: crate::today(tx),
        due_on: claims::due_on(tx, &checked.unit, job)?,
    })
}

/// Whether the same maker had this unit back as often as the job or the town allows.
fn is_once_too_often(
    tx: &mut Tx<'_>,
    checked: &Checked,
    decision: &Decision,
    known: &Known,
) -> Result<bool, DbError> {
    if !matches!(decision, Decision::Against { fault: Fault::Worker, .. }) {
        return Ok(false);
    }
    let before = returns_of(tx, checked.unit.id, checked.submission.maker_id)?;
    Ok(before >= checks::rework_cap(tx, known.checks.as_ref())?.into())
}

struct Checked {
    unit: Unit,
    submission: Submission,
    checker: kernel::PersonId,
    /// Which look it waits for.
    level: i16,
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
    let first = in_second(tx, &[unit.id])?.remove(&unit.id);
    if first == Some(checker) {
        return Err(ReviewError::SameReviewer);
    }
    Ok(Checked { unit, submission, checker, level: if first.is_some() { 2 } else { 1 } })
}

/// Tells that a version passed, looked at or not, and when it is paid.
pub(crate) fn tell_passed(
    tx: &mut Tx<'_>,
    unit: &Unit,
    job_title: &str,
    version: &Submission,
) -> Result<(), DbError> {
    let person = version.maker_id;
    let earned = earnings::of_person(tx, person, &[unit.id])?.remove(&unit.id).unwrap_or_default();
    let own = earned.iter().find(|one| one.kind == EarningKind::Unit).ok_or(DbError::NotFound)?;
    let fact = UnitPassed {
        unit: unit.id,
        submission: version.id,
        label: unit.label.clone(),
        job_title: job_title.to_owned(),
        order: unit.order_id,
        person,
        unit_pay: own.amount,
        pay_on: own.pay_on(),
    };
    queue::record(tx, &fact).map(drop)
}

fn tell(
    tx: &mut Tx<'_>,
    checked: &Checked,
    decision: Decision,
    review: &Review,
    terms_notice: Option<TermsNoticeId>,
) -> Result<(), DbError> {
    let unit = units::find(tx, checked.unit.id)?;
    let job = jobs::find(tx, unit.job_id)?;
    let due_on = claims::due_on(tx, &unit, &job)?;
    let job_title = job.title.clone();
    let (unit, submission, label) = (checked.unit.id, checked.submission.id, checked.unit.label.clone());
    let person = checked.submission.maker_id;
    match decision {
        Decision::Pass { .. } => return tell_passed(tx, &checked.unit, &job_title, &checked.submission),
        Decision::Against { verdict: Verdict::Reject, reason, fault, comment, .. } => {
            let appeal_by = review.appeal_by.unwrap_or_default();
            let fact = UnitRejected {
                unit,
                submission,
                label,
                job_title,
                reason,
                fault,
                comment,
                person,
                appeal_by,
            };
            queue::record(tx, &fact)?
        }
        Decision::Against { reason, fault, comment, change, .. } => {
            let fact = UnitReturned {
                unit,
                submission,
                label,
                job_title,
                reason,
                fault,
                comment,
                person,
                due_on,
                appeal_by: review.appeal_by.filter(|_| change.is_none()),
                coaching: review.coaching,
                extra_pay: change.map_or(Yen(0), |Change { extra_pay, .. }| extra_pay),
                terms_notice,
            };
            queue::record(tx, &fact)?
        }
    };
    Ok(())
}
