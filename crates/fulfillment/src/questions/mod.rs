//! Questions (質問) about how a job is done: one thread for everybody on it, answered by coordination, and an answer becomes
//! a rule in one step.
//!
//! Invariants: whoever is on a job reads all of its questions and nobody's name
//! (`everybody_on_the_job_reads_question_and_answer_and_nobodys_name`); what was asked and answered never changes; a question
//! that nobody answers within the town's hours, counted by day alone, is told to coordination once
//! (`a_question_that_waits_too_long_is_told_once`).

pub(crate) mod events;
mod lists;
mod model;
mod store;
#[cfg(test)]
mod tests;

use accounts::organizations;
use chrono::TimeDelta;
use db::{DbError, Tx};
use kernel::{Code, Coded, FieldProblem, Invalid, JobId};
use queue::{Registry, Task, TaskError};
use serde::{Deserialize, Serialize};

pub(crate) use lists::open_of_orders;
pub use lists::{count_of_job, count_open, find, mine, of_job, open};
pub use model::{
    Answer, AnswerId, AnswerInput, AskInput, MyAnswer, MyQuestion, OpenQuestion, OpenQuestionKey, Question,
    QuestionId, QuestionKey, Waiting,
};

use crate::jobs::{self, Job, JobError, JobState};
use crate::rounds::hours;
use crate::rules;
use crate::units::{UnitState, counts};
use events::{QuestionAnswered, QuestionAsked, QuestionWaits};

/// How many questions one task tells of; the next quarter of an hour goes on.
const MOST_AT_ONCE: i64 = 200;

/// Why nothing was asked or answered.
#[derive(Debug, thiserror::Error)]
pub enum QuestionError {
    /// Fields that cannot be accepted; nothing was written.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The job is over, so nobody works by its rules any more.
    #[error("the job is closed")]
    Closed,
    /// There is no answer yet that could become a rule.
    #[error("the question has no answer")]
    Unanswered,
    /// The answer did not become a rule.
    #[error(transparent)]
    Job(#[from] JobError),
    /// The database failed, or the job is not before this person.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for QuestionError {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(invalid) => invalid.code(),
            Self::Closed => Code::NotOpen,
            Self::Unanswered => Code::Conflict,
            Self::Job(error) => error.code(),
            Self::Db(error) => error.code(),
        }
    }

    fn fields(&self) -> &[FieldProblem] {
        match self {
            Self::Invalid(invalid) => invalid.fields(),
            Self::Job(error) => error.fields(),
            _ => &[],
        }
    }
}

/// Asks about a job; for those who run and check the work.
pub fn ask(tx: &mut Tx<'_>, job: JobId, input: &AskInput) -> Result<Question, QuestionError> {
    let job = jobs::find(tx, job)?;
    write(tx, &job, input)
}

/// Asks about a job that lies before the acting worker, or of which they have a unit.
pub fn ask_as_worker(tx: &mut Tx<'_>, job: JobId, input: &AskInput) -> Result<MyQuestion, QuestionError> {
    let job = jobs::reach(tx, job)?;
    let question = write(tx, &job, input)?;
    let asker = question.asked_by;
    Ok(MyQuestion::of(question, asker))
}

fn write(tx: &mut Tx<'_>, job: &Job, input: &AskInput) -> Result<Question, QuestionError> {
    let text = input.checked()?;
    if job.state == JobState::Closed {
        return Err(QuestionError::Closed);
    }
    let asker = crate::acting_person(tx)?;
    let allowed = TimeDelta::hours(organizations::find(tx)?.question_hours.into());
    let answer_by = hours::after(tx.now(), allowed);
    let question = store::insert(tx, job.id, asker, &text, answer_by)?;
    queue::record(
        tx,
        &QuestionAsked {
            question: question.id,
            job: job.id,
            order: job.order_id,
            title: job.title.clone(),
            asker,
            text,
            answer_by,
        },
    )?;
    Ok(question)
}

/// Answers a question for everybody on the job. In the same step the answer becomes a rule, where that is wished.
pub fn answer(tx: &mut Tx<'_>, id: QuestionId, input: &AnswerInput) -> Result<Question, QuestionError> {
    let (text, becomes_rule) = input.checked()?;
    let by = crate::acting_person(tx)?;
    let question = find(tx, id)?;
    let job = jobs::find(tx, question.job_id)?;
    store::insert_answer(tx, id, &text, by)?;
    if becomes_rule {
        rules::append(tx, job.id, &text, &question)?;
    }
    let mut people =
        if becomes_rule { Vec::new() } else { counts::holders(tx, &job, &UnitState::UNDER_WAY)? };
    people.retain(|person| *person != question.asked_by);
    queue::record(
        tx,
        &QuestionAnswered {
            question: id,
            job: job.id,
            title: job.title,
            asker: question.asked_by,
            text: question.text,
            answer: text,
            is_rule: becomes_rule,
            people,
        },
    )?;
    Ok(find(tx, id)?)
}

/// Makes the newest answer to a question a rule: the next version of the job's rules ends with it. Once.
pub fn make_rule(tx: &mut Tx<'_>, id: QuestionId) -> Result<Question, QuestionError> {
    let question = find(tx, id)?;
    if question.rules_number.is_some() {
        return Ok(question);
    }
    let newest = question.answers.last().ok_or(QuestionError::Unanswered)?;
    rules::append(tx, question.job_id, &newest.text, &question)?;
    Ok(find(tx, id)?)
}

/// Looks after the questions of a town that nobody answers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TendQuestions {}

impl Task for TendQuestions {
    const KIND: &'static str = "questions.tend";
}

/// Registers the handler of this module's task.
pub fn register(registry: &mut Registry) {
    registry.in_transaction::<TendQuestions>(|tx, _attempt, _task| {
        tend(tx)?;
        Ok::<_, TaskError>(())
    });
}

/// Tells coordination of each question whose time is over.
pub fn tend(tx: &mut Tx<'_>) -> Result<(), DbError> {
    for late in store::set_alerted(tx, MOST_AT_ONCE)? {
        let title = jobs::find(tx, late.job_id)?.title;
        queue::record(
            tx,
            &QuestionWaits {
                question: late.id,
                job: late.job_id,
                title,
                text: late.text,
                asked_at: late.asked_at,
            },
        )?;
    }
    Ok(())
}
