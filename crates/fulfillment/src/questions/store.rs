//! Rows and writes of `job_questions` and `job_answers`. A question's words are only inserted; an answer is never changed.

use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use diesel::dsl::exists;
use diesel::prelude::*;
use kernel::{JobId, PersonId};

use super::model::{Answer, AnswerId, Question, QuestionId};
use crate::jobs::JobState;
use crate::schema::{job_answers, job_questions, jobs};

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = job_questions)]
pub(super) struct QuestionRow {
    pub(super) id: QuestionId,
    pub(super) job_id: JobId,
    pub(super) asked_by: PersonId,
    pub(super) text: String,
    pub(super) asked_at: DateTime<Utc>,
    pub(super) answer_by: DateTime<Utc>,
    pub(super) answered_at: Option<DateTime<Utc>>,
}

impl QuestionRow {
    pub(super) fn with(self, answers: Vec<Answer>, rules_number: Option<i32>) -> Question {
        Question {
            id: self.id,
            job_id: self.job_id,
            asked_by: self.asked_by,
            text: self.text,
            asked_at: self.asked_at,
            answer_by: self.answer_by,
            answered_at: self.answered_at,
            answers,
            rules_number,
        }
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = job_answers)]
pub(super) struct AnswerRow {
    id: AnswerId,
    pub(super) question_id: QuestionId,
    text: String,
    answered_by: PersonId,
    answered_at: DateTime<Utc>,
}

impl From<AnswerRow> for Answer {
    fn from(row: AnswerRow) -> Self {
        Self { id: row.id, text: row.text, answered_by: row.answered_by, answered_at: row.answered_at }
    }
}

pub(super) fn insert(
    tx: &mut Tx<'_>,
    job: JobId,
    asker: PersonId,
    text: &str,
    answer_by: DateTime<Utc>,
) -> Result<Question, DbError> {
    let now = tx.now();
    let row: QuestionRow = diesel::insert_into(job_questions::table)
        .values((
            job_questions::job_id.eq(job),
            job_questions::asked_by.eq(asker),
            job_questions::text.eq(text),
            job_questions::asked_at.eq(now),
            job_questions::answer_by.eq(answer_by),
        ))
        .returning(QuestionRow::as_returning())
        .get_result(tx.conn())?;
    Ok(row.with(Vec::new(), None))
}

/// Adds an answer, and notes the first one's time on its question.
pub(super) fn insert_answer(
    tx: &mut Tx<'_>,
    question: QuestionId,
    text: &str,
    by: PersonId,
) -> Result<(), DbError> {
    let now = tx.now();
    diesel::insert_into(job_answers::table)
        .values((
            job_answers::question_id.eq(question),
            job_answers::text.eq(text),
            job_answers::answered_by.eq(by),
            job_answers::answered_at.eq(now),
        ))
        .execute(tx.conn())?;
    let waiting = job_questions::table
        .filter(job_questions::id.eq(question))
        .filter(job_questions::answered_at.is_null());
    diesel::update(waiting).set(job_questions::answered_at.eq(now)).execute(tx.conn())?;
    Ok(())
}

/// Notes that coordination is told of questions whose time is over, at most `most` of them.
pub(super) fn set_alerted(tx: &mut Tx<'_>, most: i64) -> Result<Vec<QuestionRow>, DbError> {
    let now = tx.now();
    let open_job =
        jobs::table.filter(jobs::id.eq(job_questions::job_id)).filter(jobs::state.ne(JobState::Closed));
    let due: Vec<QuestionId> = job_questions::table
        .filter(job_questions::answered_at.is_null())
        .filter(job_questions::alerted_at.is_null())
        .filter(job_questions::answer_by.le(now))
        .filter(exists(open_job))
        .order((job_questions::answer_by, job_questions::id))
        .limit(most)
        .select(job_questions::id)
        .load(tx.conn())?;
    let mut rows: Vec<QuestionRow> = diesel::update(
        job_questions::table
            .filter(job_questions::id.eq_any(due))
            .filter(job_questions::answered_at.is_null())
            .filter(job_questions::alerted_at.is_null()),
    )
    .set(job_questions::alerted_at.eq(now))
    .returning(QuestionRow::as_returning())
    .get_results(tx.conn())?;
    rows.sort_by_key(|row| row.id);
    Ok(rows)
}
