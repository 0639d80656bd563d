//! Taking a version to check it: it is theirs for the town's number of minutes, and nobody else is shown it meanwhile.
//!
//! Invariant: one reviewer has a version at a time (primary key of `review_leases`; test
//! `of_two_who_take_one_version_at_once_one_has_it`). A lease that ran out is free for others, and within a quarter of an hour
//! its unit waits again (`what_a_reviewer_left_lying_waits_again`); whoever had it may still decide as long as nobody took it:
//! what was typed is not lost.

use chrono::TimeDelta;
use db::{DbError, Tx};
use kernel::{Paging, SubmissionId, UnitId};

use super::lists::{self, waiting};
use super::model::Lease;
use super::{Checked, ReviewError, ReviewKey, lock, store};
use crate::claims;
use crate::defects;
use crate::quality;
use crate::units::store::{Mark, Which};
use crate::units::{self, Move, Refused, UnitError, UnitState};

/// How many versions are tried for the next one: others may take some in the same moment.
const TRIED: u16 = 20;
/// How many lapsed leases one look ends.
const MOST_AT_ONCE: i64 = 200;

/// Takes a version, or keeps it for longer.
pub fn begin(tx: &mut Tx<'_>, submission: SubmissionId) -> Result<Lease, ReviewError> {
    let Checked { unit, submission, checker, .. } = lock(tx, submission)?;
    if !UnitState::TO_REVIEW.contains(&unit.state) {
        let refused = Refused { state: unit.state, attempted: Move::BeginCheck };
        return Err(UnitError::from(refused).into());
    }
    let until = tx.now() + TimeDelta::minutes(quality::find(tx)?.lease_minutes.into());
    if !store::take(tx, &submission, checker, until)? {
        return Err(ReviewError::Taken);
    }
    defects::insert_usual(tx)?;
    if unit.state == UnitState::Submitted {
        units::store::advance(tx, Which::These(&[unit.id]), unit.state, Move::BeginCheck, Mark::default())?;
    }
    Ok(Lease { unit_id: unit.id, submission_id: submission.id, checker_id: checker, until })
}

/// Lets a version go that the acting person took: it waits for others again. What is not theirs stays as it is; whether it was.
pub fn release(tx: &mut Tx<'_>, submission: SubmissionId) -> Result<bool, ReviewError> {
    let Checked { unit, checker, level, .. } = lock(tx, submission)?;
    let was_theirs = store::let_go(tx, unit.id, Some(checker))?;
    // What waits for its second look is being checked all the while.
    if was_theirs && unit.state == UnitState::Checking && level == 1 {
        units::store::advance(tx, Which::These(&[unit.id]), unit.state, Move::EndCheck, Mark::default())?;
    }
    Ok(was_theirs)
}

/// Puts back what a reviewer took whose time is over: its unit waits for review again, and its maker may take it back.
pub(crate) fn tend(tx: &mut Tx<'_>) -> Result<(), DbError> {
    let held = store::lapsed(tx, MOST_AT_ONCE)?;
    // Whoever is just moving one of them does so before; what is still over then is for the next time.
    let free: Vec<UnitId> = units::store::lock_free(tx, &held)?.into_iter().map(|unit| unit.id).collect();
    let mut over = store::let_go_lapsed(tx, &free)?;
    let in_second = lists::in_second(tx, &over)?;
    over.retain(|unit| !in_second.contains_key(unit));
    let mark = Mark::default();
    claims::advance(tx, Which::These(&over), UnitState::Checking, Move::EndCheck, mark)
}

/// Lets go of units that are called off, whoever looked at them.
pub(crate) fn forget(tx: &mut Tx<'_>, which: Which<'_>) -> Result<(), DbError> {
    store::forget(tx, which)
}

/// Who has a version now; none where it is free.
pub fn holder(tx: &mut Tx<'_>, submission: SubmissionId) -> Result<Option<Lease>, DbError> {
    store::lease(tx, submission)
}

/// Takes the free version that follows one in the queue, or the first of all others; none where nothing waits.
pub fn next(tx: &mut Tx<'_>, done: SubmissionId) -> Result<Option<SubmissionId>, ReviewError> {
    let after = lists::key(tx, done)?;
    match first_free(tx, done, Some(after))? {
        None => first_free(tx, done, None),
        later => Ok(later),
    }
}

/// Takes the first free version after a place in the queue, or of all, that is not `done`.
fn first_free(
    tx: &mut Tx<'_>,
    done: SubmissionId,
    after: Option<ReviewKey>,
) -> Result<Option<SubmissionId>, ReviewError> {
    let waiting = waiting(tx, &Paging { after, ..Paging::first(TRIED) })?.items;
    for version in waiting.into_iter().map(|one| one.submission).filter(|one| *one != done) {
        match begin(tx, version) {
            Ok(_lease) => return Ok(Some(version)),
            // Somebody was faster with this one.
            Err(
                ReviewError::Taken | ReviewError::Stale | ReviewError::SameReviewer | ReviewError::Unit(_),
            ) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(None)
}
