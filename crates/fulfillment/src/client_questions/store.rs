//! Rows and writes of `client_questions`: asked once, answered once.

use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::{DeliveryId, PersonId};

use super::model::{ClientQuestion, ClientQuestionId, QuestionFields};
use crate::schema::client_questions;

#[derive(Queryable, Selectable)]
#[diesel(table_name = client_questions)]
pub(super) struct QuestionRow {
    id: ClientQuestionId,
    delivery_id: DeliveryId,
    name: String,
    question: String,
    asked_at: DateTime<Utc>,
    answer: Option<String>,
    answered_at: Option<DateTime<Utc>>,
    answered_by: Option<PersonId>,
}

impl From<QuestionRow> for ClientQuestion {
    fn from(row: QuestionRow) -> Self {
        Self {
            id: row.id,
            delivery_id: row.delivery_id,
            name: row.name,
            question: row.question,
            asked_at: row.asked_at,
            answer: row.answer,
            answered_at: row.answered_at,
            answered_by: row.answered_by,
        }
    }
}

pub(super) fn insert(
    tx: &mut Tx<'_>,
    delivery: DeliveryId,
    fields: &QuestionFields,
) -> Result<ClientQuestion, DbError> {
    let now = tx.now();
    let row: QuestionRow = diesel::insert_into(client_questions::table)
        .values((
            client_questions::delivery_id.eq(delivery),
            client_questions::name.eq(&fields.name),
            client_questions::question.eq(&fields.question),
            client_questions::asked_at.eq(now),
        ))
        .returning(QuestionRow::as_returning())
        .get_result(tx.conn())?;
    Ok(row.into())
}

/// `false` where it was answered, or this town has none of that id.
pub(super) fn answer(
    tx: &mut Tx<'_>,
    id: ClientQuestionId,
    answer: &str,
    by: PersonId,
) -> Result<bool, DbError> {
    let now = tx.now();
    let open = client_questions::table
        .filter(client_questions::id.eq(id))
        .filter(client_questions::answer.is_null());
    let answered = diesel::update(open)
        .set((
            client_questions::answer.eq(answer),
            client_questions::answered_at.eq(now),
            client_questions::answered_by.eq(by),
        ))
        .execute(tx.conn())?;
    Ok(answered == 1)
}
