//! Work rules (作業のきまり): how a job's work is to be done, every wording a version that never changes.
//!
//! Invariants: a job's text is its newest version's (asked of the tables in `promises.sql`); terms name the version they
//! hold, and whoever agreed to it is judged by it: a later one explains, and asks for more work only with pay of its own
//! (Freelance Act art. 12; [`crate::reviews::Fault::Specification`]). A change while work is out tells everybody who has
//! some of it (test `a_change_while_work_is_out_tells_its_holders_and_nobody_else`).

pub(crate) mod events;
mod lists;
mod model;
pub(crate) mod store;
#[cfg(test)]
mod tests;

use db::{DbError, Tx};
use kernel::{Code, Invalid, JobId, PersonId};

pub use lists::{find, newest, of_job, reading};
pub(crate) use lists::{known_to, known_to_of};
pub(crate) use model::Wording;
pub use model::{Reading, RulesInput, RulesKey, SeenInput, WorkRules};

use crate::jobs::{self, Job, JobError};
use crate::questions::Question;
use crate::units::{UnitState, counts};
use events::RulesChanged;

/// Gives a job another wording of its rules, on top of the version it was written over. What waits is offered under it from now on;
/// whoever has some of the work is told and keeps what they agreed to. The same wording again changes nothing.
pub fn change(tx: &mut Tx<'_>, job: JobId, input: &RulesInput) -> Result<WorkRules, JobError> {
    let (number, text, note) = input.checked()?;
    let (_order, job) = jobs::hold(tx, job)?;
    if job.rules_number != number {
        return Err(JobError::Stale);
    }
    if job.rules == text {
        return Ok(newest(tx, job.id)?);
    }
    let who = tx.actor().person();
    write(tx, &job, &text, &Wording { note, question: None }, who)
}

/// Adds the answer to a question to the end of a job's rules. Whoever asked hears of it with the answer.
pub(crate) fn append(
    tx: &mut Tx<'_>,
    job: JobId,
    answer: &str,
    question: &Question,
) -> Result<WorkRules, JobError> {
    let (_order, job) = jobs::hold(tx, job)?;
    let text = format!("{}\n\n{answer}", job.rules);
    if text.chars().count() > model::MOST_CHARACTERS {
        return Err(Invalid::field("answer", Code::TooLong).into());
    }
    let wording = Wording { note: question.text.clone(), question: Some(question.id) };
    write(tx, &job, &text, &wording, Some(question.asked_by))
}

/// Puts a wording in force and tells everybody who has some of the work, except whom it is no news to.
fn write(
    tx: &mut Tx<'_>,
    job: &Job,
    text: &str,
    wording: &Wording,
    knows: Option<PersonId>,
) -> Result<WorkRules, JobError> {
    let job = jobs::store::set_rules(tx, job, text)?;
    let kept = store::keep(tx, &job, wording)?;
    let mut people = counts::holders(tx, &job, &UnitState::UNDER_WAY)?;
    people.retain(|person| Some(*person) != knows);
    queue::record(
        tx,
        &RulesChanged {
            job: job.id,
            order: job.order_id,
            title: job.title,
            number: kept.number,
            note: kept.note.clone(),
            people,
        },
    )?;
    Ok(kept)
}

/// Notes that the acting worker has read a version of the rules of a job before them, and everything older with it.
pub fn read(tx: &mut Tx<'_>, job: JobId, input: &SeenInput) -> Result<Reading, JobError> {
    let person: PersonId = crate::acting_person(tx)?;
    let job = jobs::reach(tx, job)?;
    let number = input.checked(job.rules_number)?;
    store::set_read(tx, job.id, person, number)?;
    Ok(reading(tx, job.id)?)
}

/// What a worker reads of a job's rules: [`reading`] of one before them.
pub fn mine(tx: &mut Tx<'_>, job: JobId) -> Result<Reading, DbError> {
    let job = jobs::reach(tx, job)?;
    reading(tx, job.id)
}
