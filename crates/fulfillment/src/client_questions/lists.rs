//! Reading what clients asked.

use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::{DeliveryId, Page, Paging};

use super::model::{ClientQuestion, ClientQuestionId, ClientQuestionKey};
use super::store::QuestionRow;
use crate::schema::client_questions;

/// One question; [`DbError::NotFound`] where this town has none of that id.
pub fn find(tx: &mut Tx<'_>, id: ClientQuestionId) -> Result<ClientQuestion, DbError> {
    let row: QuestionRow = client_questions::table
        .filter(client_questions::id.eq(id))
        .select(QuestionRow::as_select())
        .first(tx.conn())?;
    Ok(row.into())
}

/// What was asked about a delivery, in its order.
pub fn of_delivery(
    tx: &mut Tx<'_>,
    delivery: DeliveryId,
    paging: &Paging<ClientQuestionKey>,
) -> Result<Page<ClientQuestion, ClientQuestionKey>, DbError> {
    page(tx, Some(delivery), paging)
}

/// The questions that nobody has answered, the oldest first.
pub fn open(
    tx: &mut Tx<'_>,
    paging: &Paging<ClientQuestionKey>,
) -> Result<Page<ClientQuestion, ClientQuestionKey>, DbError> {
    page(tx, None, paging)
}

/// Those of a delivery, or everybody's that wait.
fn page(
    tx: &mut Tx<'_>,
    delivery: Option<DeliveryId>,
    paging: &Paging<ClientQuestionKey>,
) -> Result<Page<ClientQuestion, ClientQuestionKey>, DbError> {
    let mut query = client_questions::table
        .order(client_questions::id)
        .limit(paging.probe())
        .select(QuestionRow::as_select())
        .into_boxed();
    query = match delivery {
        Some(delivery) => query.filter(client_questions::delivery_id.eq(delivery)),
        None => query.filter(client_questions::answer.is_null()),
    };
    if let Some(ClientQuestionKey(id)) = paging.after {
        query = query.filter(client_questions::id.gt(id));
    }
    let rows: Vec<QuestionRow> = query.load(tx.conn())?;
    let questions = rows.into_iter().map(ClientQuestion::from).collect();
    Ok(Page::cut(questions, paging, |question: &ClientQuestion| ClientQuestionKey(question.id)))
}

/// How many questions about a delivery wait for an answer.
pub(super) fn count_open(tx: &mut Tx<'_>, delivery: DeliveryId) -> Result<i64, DbError> {
    Ok(client_questions::table
        .filter(client_questions::delivery_id.eq(delivery))
        .filter(client_questions::answer.is_null())
        .count()
        .get_result(tx.conn())?)
}
