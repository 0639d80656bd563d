//! What clients ask about a delivery (お客様からの質問), on its page and without an account, and what the town answers.
//!
//! Invariants: a question stays as it was asked, by the database's grants too; it is answered once
//! (`a_question_is_told_answered_once_and_read_by_the_client`); whoever holds a link cannot flood the town: so many questions of a
//! delivery may wait at a time.

pub(crate) mod events;
mod lists;
mod model;
mod store;
#[cfg(test)]
mod tests;

use accounts::OrgSecret;
use db::{DbError, Tx};
use kernel::{Code, Coded, FieldProblem, Invalid};

pub use lists::{find, of_delivery, open};
pub use model::{ClientQuestion, ClientQuestionId, ClientQuestionKey, QuestionInput, ReplyInput};

use crate::acceptance::{self, AcceptError};
use crate::{deliveries, orders};
use events::{ClientAsked, ClientReplied};

/// Why a question was not taken or answered.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    /// Fields that cannot be accepted; nothing was written.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The link opens nothing.
    #[error(transparent)]
    Link(#[from] AcceptError),
    /// So many wait already that an answer comes first.
    #[error("too many questions wait for an answer")]
    TooMany,
    /// No link opens the delivery, so nobody could read the answer: a new one is sent first.
    #[error("the delivery has no open link")]
    NoOpenLink,
    /// Somebody has answered it.
    #[error("the question was answered")]
    Answered,
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for AskError {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(invalid) => invalid.code(),
            Self::Link(error) => error.code(),
            Self::TooMany => Code::TooManyTries,
            Self::NoOpenLink => Code::Conflict,
            Self::Answered => Code::AlreadyAnswered,
            Self::Db(error) => error.code(),
        }
    }

    fn fields(&self) -> &[FieldProblem] {
        match self {
            Self::Invalid(invalid) => invalid.fields(),
            Self::Link(error) => error.fields(),
            _ => &[],
        }
    }
}

/// Takes the question of whoever opened a delivery's link, and tells the town of it.
pub fn ask(tx: &mut Tx<'_>, secret: &OrgSecret, input: &QuestionInput) -> Result<ClientQuestion, AskError> {
    let fields = input.checked()?;
    let delivery = acceptance::delivery_behind(tx, secret)?;
    let delivery = deliveries::store::hold(tx, delivery)?;
    if lists::count_open(tx, delivery.id)? >= model::MOST_OPEN {
        return Err(AskError::TooMany);
    }
    let question = store::insert(tx, delivery.id, &fields)?;
    let order = orders::find(tx, delivery.order_id)?;
    queue::record(
        tx,
        &ClientAsked {
            question: question.id,
            delivery: delivery.id,
            order_title: order.title,
            company: order.company_id,
            name: question.name.clone(),
            text: question.question.clone(),
        },
    )?;
    Ok(question)
}

/// Answers a question for the client to read on the same page, and mails them.
pub fn reply(tx: &mut Tx<'_>, id: ClientQuestionId, input: &ReplyInput) -> Result<ClientQuestion, AskError> {
    let answer = input.checked()?;
    let by = crate::acting_person(tx)?;
    let delivery = find(tx, id)?.delivery_id;
    let delivery = deliveries::find(tx, delivery)?;
    let link = acceptance::open_link_of(tx, delivery.id)?.ok_or(AskError::NoOpenLink)?;
    if !store::answer(tx, id, &answer, by)? {
        return Err(AskError::Answered);
    }
    let question = find(tx, id)?;
    let order_title = orders::find(tx, delivery.order_id)?.title;
    queue::record(
        tx,
        &ClientReplied {
            question: id,
            delivery: delivery.id,
            order_title,
            contact: delivery.contact_id,
            link,
            text: question.question.clone(),
            answer,
        },
    )?;
    Ok(question)
}
