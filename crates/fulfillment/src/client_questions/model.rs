//! What a client asks about a delivery, and the answer. No database here.

use chrono::{DateTime, Utc};
use kernel::{Checks, DeliveryId, Invalid, PersonId, Typed};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

kernel::id!(
    /// One question of a client about a delivery.
    ClientQuestionId
);

/// How many questions about one delivery may wait for an answer at a time.
pub(super) const MOST_OPEN: i64 = 10;

/// A client asked something about a delivery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ClientQuestion {
    /// Its id.
    pub id: ClientQuestionId,
    /// The delivery.
    pub delivery_id: DeliveryId,
    /// Who asked, as they typed themselves.
    pub name: String,
    /// What they asked.
    pub question: String,
    /// When.
    pub asked_at: DateTime<Utc>,
    /// What the town answered; none while it waits.
    pub answer: Option<String>,
    /// When.
    pub answered_at: Option<DateTime<Utc>>,
    /// Who answered.
    pub answered_by: Option<PersonId>,
}

/// A question as typed on the client's page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct QuestionInput {
    /// Who asks; required, up to 100 characters.
    pub asker: Typed,
    /// What they ask; required, up to 2,000 characters.
    pub question: Typed,
}

/// Input that passed every rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct QuestionFields {
    pub(super) name: String,
    pub(super) question: String,
}

impl QuestionInput {
    /// Checks every field and reports all problems at once.
    pub(super) fn checked(&self) -> Result<QuestionFields, Invalid> {
        let mut checks = Checks::new();
        let name = checks.required_line("asker", &self.asker, 100);
        let question = checks.required_lines("question", &self.question, 2000);
        checks.done(QuestionFields { name, question })
    }
}

/// An answer as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "answer": "影は、3枚目から薄くしています。" }]))]
pub struct ReplyInput {
    /// What the client reads; required, up to 4,000 characters.
    pub answer: Typed,
}

impl ReplyInput {
    pub(super) fn checked(&self) -> Result<String, Invalid> {
        let mut checks = Checks::new();
        let answer = checks.required_lines("answer", &self.answer, 4000);
        checks.done(answer)
    }
}

/// Where a page of questions ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientQuestionKey(pub ClientQuestionId);
