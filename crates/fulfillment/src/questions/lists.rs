//! Reading questions: a job's thread, with names and without, and what waits for an answer.

use std::collections::HashMap;

use db::{DbError, Tx};
use diesel::dsl::{count_star, max};
use diesel::prelude::*;
use kernel::{JobId, OrderId, Page, Paging};

use super::model::{
    Answer, MyQuestion, OpenQuestion, OpenQuestionKey, Question, QuestionId, QuestionKey, Waiting,
};
use super::store::{AnswerRow, QuestionRow};
use crate::jobs::{self, JobState};
use crate::schema::{job_answers, job_questions, jobs as job, orders, work_rules};

/// One question; [`DbError::NotFound`] where this town has none of that id.
pub fn find(tx: &mut Tx<'_>, id: QuestionId) -> Result<Question, DbError> {
    let row: QuestionRow = job_questions::table
        .filter(job_questions::id.eq(id))
        .select(QuestionRow::as_select())
        .first(tx.conn())?;
    filled(tx, vec![row])?.pop().ok_or(DbError::NotFound)
}

/// Adds answers and the rules they made, in two queries however many questions there are.
fn filled(tx: &mut Tx<'_>, rows: Vec<QuestionRow>) -> Result<Vec<Question>, DbError> {
    let ids: Vec<QuestionId> = rows.iter().map(|row| row.id).collect();
    let found: Vec<AnswerRow> = job_answers::table
        .filter(job_answers::question_id.eq_any(&ids))
        .order(job_answers::id)
        .select(AnswerRow::as_select())
        .load(tx.conn())?;
    let mut answers: HashMap<QuestionId, Vec<Answer>> = HashMap::new();
    for row in found {
        answers.entry(row.question_id).or_default().push(row.into());
    }
    let rules: Vec<(Option<QuestionId>, Option<i32>)> = work_rules::table
        .filter(work_rules::question_id.eq_any(&ids))
        .group_by(work_rules::question_id)
        .select((work_rules::question_id, max(work_rules::number)))
        .load(tx.conn())?;
    let rules: HashMap<Option<QuestionId>, Option<i32>> = rules.into_iter().collect();
    let one = |row: QuestionRow| {
        let (answers, rule) = (answers.remove(&row.id).unwrap_or_default(), rules.get(&Some(row.id)));
        row.with(answers, rule.copied().flatten())
    };
    Ok(rows.into_iter().map(one).collect())
}

/// The questions about a job, the newest first.
pub fn of_job(
    tx: &mut Tx<'_>,
    id: JobId,
    paging: &Paging<QuestionKey>,
) -> Result<Page<Question, QuestionKey>, DbError> {
    let mut query = job_questions::table
        .filter(job_questions::job_id.eq(id))
        .order(job_questions::id.desc())
        .limit(paging.probe())
        .select(QuestionRow::as_select())
        .into_boxed();
    if let Some(QuestionKey(id)) = paging.after {
        query = query.filter(job_questions::id.lt(id));
    }
    let rows: Vec<QuestionRow> = query.load(tx.conn())?;
    Ok(Page::cut(filled(tx, rows)?, paging, |question: &Question| QuestionKey(question.id)))
}

/// [`of_job`] before the acting worker: nobody is named, and other jobs do not exist.
pub fn mine(
    tx: &mut Tx<'_>,
    id: JobId,
    paging: &Paging<QuestionKey>,
) -> Result<Page<MyQuestion, QuestionKey>, DbError> {
    let reader = crate::acting_person(tx)?;
    let id = jobs::reach(tx, id)?.id;
    let page = of_job(tx, id, paging)?;
    let items = page.items.into_iter().map(|question| MyQuestion::of(question, reader)).collect();
    Ok(Page { items, next: page.next })
}

#[diesel::dsl::auto_type]
fn waiting() -> _ {
    let closed: JobState = JobState::Closed;
    job_questions::table
        .inner_join(job::table.on(job::id.eq(job_questions::job_id)))
        .filter(job_questions::answered_at.is_null())
        .filter(job::state.ne(closed))
}

type OpenRow = (QuestionRow, String, OrderId, String);

/// What waits for an answer, whatever is due first on top; questions about finished work are over.
pub fn open(
    tx: &mut Tx<'_>,
    paging: &Paging<OpenQuestionKey>,
) -> Result<Page<OpenQuestion, OpenQuestionKey>, DbError> {
    let mut query = waiting()
        .inner_join(orders::table.on(orders::id.eq(job::order_id)))
        .order((job_questions::answer_by, job_questions::id))
        .limit(paging.probe())
        .select((QuestionRow::as_select(), job::title, orders::id, orders::title))
        .into_boxed();
    if let Some(OpenQuestionKey(by, id)) = paging.after {
        query = query.filter(
            job_questions::answer_by.gt(by).or(job_questions::answer_by.eq(by).and(job_questions::id.gt(id))),
        );
    }
    let rows: Vec<OpenRow> = query.load(tx.conn())?;
    let one = |(row, job_title, order, order_title): OpenRow| OpenQuestion {
        question: row.with(Vec::new(), None),
        job_title,
        order,
        order_title,
    };
    let all = rows.into_iter().map(one).collect();
    let key = |open: &OpenQuestion| OpenQuestionKey(open.question.answer_by, open.question.id);
    Ok(Page::cut(all, paging, key))
}

/// How many wait, and how many of them too long.
pub fn count_open(tx: &mut Tx<'_>) -> Result<Waiting, DbError> {
    let now = tx.now();
    let open = waiting().select(count_star()).first(tx.conn())?;
    let late = waiting().filter(job_questions::answer_by.le(now)).select(count_star()).first(tx.conn())?;
    Ok(Waiting { open, late })
}

/// How many wait about each of some orders; none is named that has none.
pub(crate) fn open_of_orders(tx: &mut Tx<'_>, ids: &[OrderId]) -> Result<HashMap<OrderId, i64>, DbError> {
    let rows: Vec<(OrderId, i64)> = waiting()
        .filter(job::order_id.eq_any(ids))
        .group_by(job::order_id)
        .select((job::order_id, count_star()))
        .load(tx.conn())?;
    Ok(rows.into_iter().collect())
}

/// How many wait about one job.
pub fn count_of_job(tx: &mut Tx<'_>, id: JobId) -> Result<i64, DbError> {
    Ok(waiting().filter(job_questions::job_id.eq(id)).select(count_star()).first(tx.conn())?)
}
