//! What a question and its answers are, and what may be entered. No database here.

use chrono::{DateTime, Utc};
use kernel::{Checks, Invalid, JobId, OrderId, PersonId, Typed};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

kernel::id!(
    /// One question about a job.
    QuestionId
);
kernel::id!(
    /// One answer to a question.
    AnswerId
);

/// The longest question, in characters; it stands as the reason of the rules its answer makes.
const MOST_QUESTION: usize = 2000;
const MOST_ANSWER: usize = 4000;

/// A question about how a job is done, as those who run the work see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "JobQuestion")]
pub struct Question {
    /// Its id.
    pub id: QuestionId,
    /// The job.
    pub job_id: JobId,
    /// Who asked; the others on the job do not learn it.
    pub asked_by: PersonId,
    /// What they asked.
    pub text: String,
    /// When.
    pub asked_at: DateTime<Utc>,
    /// By when it is to be answered.
    pub answer_by: DateTime<Utc>,
    /// When it was answered first; none while it waits.
    pub answered_at: Option<DateTime<Utc>>,
    /// The answers, the oldest first.
    pub answers: Vec<Answer>,
    /// The version of the job's rules that says it; none where it became no rule.
    pub rules_number: Option<i32>,
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "JobAnswer")]
pub struct Answer {
    /// Its id.
    pub id: AnswerId,
    /// What was answered.
    pub text: String,
    /// Who answered.
    pub answered_by: PersonId,
    /// When.
    pub answered_at: DateTime<Utc>,
}

/// A question as everybody on the job sees it: without a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MyQuestion {
    /// Its id.
    pub id: QuestionId,
    /// What was asked.
    pub text: String,
    /// When.
    pub asked_at: DateTime<Utc>,
    /// By when it is to be answered.
    pub answer_by: DateTime<Utc>,
    /// The reader asked it.
    pub is_own: bool,
    /// The answers, the oldest first.
    pub answers: Vec<MyAnswer>,
    /// The version of the job's rules that says it; none where it became no rule.
    pub rules_number: Option<i32>,
}

/// An answer without a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MyAnswer {
    /// What was answered.
    pub text: String,
    /// When.
    pub answered_at: DateTime<Utc>,
}

impl MyQuestion {
    /// What `reader` sees of a question.
    pub(super) fn of(question: Question, reader: PersonId) -> Self {
        let shown = |answer: Answer| MyAnswer { text: answer.text, answered_at: answer.answered_at };
        Self {
            id: question.id,
            text: question.text,
            asked_at: question.asked_at,
            answer_by: question.answer_by,
            is_own: question.asked_by == reader,
            answers: question.answers.into_iter().map(shown).collect(),
            rules_number: question.rules_number,
        }
    }
}

/// A question that waits for an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct OpenQuestion {
    /// The question.
    #[serde(flatten)]
    pub question: Question,
    /// What the job is called.
    pub job_title: String,
    /// Its order.
    pub order: OrderId,
    /// What that is called.
    pub order_title: String,
}

/// Where a page of a job's questions ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuestionKey(pub QuestionId);

/// Where a page of open questions ends: by when they are to be answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenQuestionKey(pub DateTime<Utc>, pub QuestionId);

/// How many questions wait.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Waiting {
    /// In all.
    pub open: i64,
    /// Of them, longer than the town sets itself.
    pub late: i64,
}

/// A question as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "text": "会社名の(株)は、株式会社と書きますか？" }]))]
pub struct AskInput {
    /// What is asked; required.
    pub text: Typed,
}

impl AskInput {
    pub(super) fn checked(&self) -> Result<String, Invalid> {
        let mut checks = Checks::new();
        let text = checks.required_lines("text", &self.text, MOST_QUESTION);
        checks.done(text)
    }
}

/// An answer as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "answer": "会社名は、株式会社と書いてください。", "becomes_rule": true }]))]
pub struct AnswerInput {
    /// The answer; required.
    pub answer: Typed,
    /// `true` where the answer is added to the job's rules in the same step.
    pub becomes_rule: Typed,
}

impl AnswerInput {
    pub(super) fn checked(&self) -> Result<(String, bool), Invalid> {
        let mut checks = Checks::new();
        let text = checks.required_lines("answer", &self.answer, MOST_ANSWER);
        let becomes_rule = matches!(self.becomes_rule.as_str().trim(), "true" | "on" | "1");
        checks.done((text, becomes_rule))
    }
}
