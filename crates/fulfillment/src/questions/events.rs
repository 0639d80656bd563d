//! What questions tell.

use chrono::{DateTime, Utc};
use kernel::{JobId, OrderId, PersonId};
use queue::Event;
use serde::{Deserialize, Serialize};

use super::model::QuestionId;

/// Somebody asked how a job is to be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuestionAsked {
    /// The question.
    pub question: QuestionId,
    /// The job.
    pub job: JobId,
    /// Its order.
    pub order: OrderId,
    /// What the job is called.
    pub title: String,
    /// Who asked; coordination alone learns it.
    pub asker: PersonId,
    /// What they asked.
    pub text: String,
    /// By when it is to be answered.
    pub answer_by: DateTime<Utc>,
}

impl Event for QuestionAsked {
    const KIND: &'static str = "question.asked";
}

/// Nobody has answered a question within the hours the town sets itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuestionWaits {
    /// The question.
    pub question: QuestionId,
    /// The job.
    pub job: JobId,
    /// What the job is called.
    pub title: String,
    /// What was asked.
    pub text: String,
    /// When.
    pub asked_at: DateTime<Utc>,
}

impl Event for QuestionWaits {
    const KIND: &'static str = "question.waits";
}

/// A question was answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuestionAnswered {
    /// The question.
    pub question: QuestionId,
    /// The job.
    pub job: JobId,
    /// What the job is called.
    pub title: String,
    /// Who asked.
    pub asker: PersonId,
    /// What they asked.
    pub text: String,
    /// The answer.
    pub answer: String,
    /// The rules say it from now on; those who have the work hear of that by [`crate::rules::events::RulesChanged`].
    pub is_rule: bool,
    /// Who else has units of the job that are to be done or are being checked; nobody where it became a rule.
    pub people: Vec<PersonId>,
}

impl Event for QuestionAnswered {
    const KIND: &'static str = "question.answered";
}
