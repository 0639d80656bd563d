//! Calls (電話): people a coordinator has to reach by telephone, because a legal notice did not reach them by mail, because
//! their address is dead, or because a worker has none and something about their work has changed.
//!
//! Invariant: a legal notice that was refused, is held, expired, came back, or stayed unread for days has its entry
//! (`a_legal_notice_that_does_not_arrive_becomes_a_call`), and so has one that could not even be written, because its
//! reader has no address (`whom_no_mail_can_reach_is_called`). One message has at most one.

mod model;
mod store;
#[cfg(test)]
mod tests;

use db::{DbError, Tx};
use kernel::{Checks, Code, Coded, EventId, FieldProblem, Invalid, Language, MessageId, PersonId, Typed};
use queue::Event;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use model::{Call, CallId, CallReason};
pub(crate) use store::overdue;
pub use store::{find, list, open_count};

use crate::mails::{Addressee, Mail};
use crate::messages::{self, MessageError};
use crate::settings::Outbox;

/// Somebody has to be called. Other crates may subscribe to it, for example to show it beside the order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallNeeded {
    /// The entry.
    pub call: CallId,
    /// The mail that did not reach them; none where none could be written.
    pub message: Option<MessageId>,
    /// Whom, if it is somebody of the town.
    pub person: Option<PersonId>,
    /// The thing the mail was about, such as `terms:31`.
    pub concerns: Option<String>,
    /// Why.
    pub reason: CallReason,
}

impl Event for CallNeeded {
    const KIND: &'static str = "mail.call_needed";
}

/// Why a call was not closed.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// Fields that cannot be accepted; nothing was written.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// It is done already.
    #[error("the call is done already")]
    Done,
    /// The database failed, or this town has no such call.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for CallError {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(invalid) => invalid.code(),
            Self::Done => Code::Conflict,
            Self::Db(error) => error.code(),
        }
    }

    fn fields(&self) -> &[FieldProblem] {
        match self {
            Self::Invalid(invalid) => invalid.fields(),
            _ => &[],
        }
    }
}

/// What came of a call, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "note": "電話で条件を読み上げ、了解をもらった" }]))]
pub struct CallInput {
    /// In words; required: it is the proof that they were told.
    pub note: Typed,
}

/// Puts somebody on the list, once per message, and tells it.
pub(crate) fn open(tx: &mut Tx<'_>, message: MessageId, reason: CallReason) -> Result<(), DbError> {
    let Some(call) = store::insert(tx, message, reason)? else { return Ok(()) };
    let about = store::about(tx, message)?;
    let (message, person, concerns) = (Some(message), about.person_id, about.concerns);
    queue::record(tx, &CallNeeded { call, message, person, concerns, reason })?;
    Ok(())
}

/// Somebody whom no mail can reach, and what they have to be told about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unmailable {
    /// The fact they have to be told.
    pub event: EventId,
    /// Who it is.
    pub person: PersonId,
    /// Their name without 様 or さん.
    pub name: String,
    /// The language they speak.
    pub language: Language,
    /// The thing it is about, such as `terms:31`.
    pub concerns: Option<String>,
}

/// Puts somebody on the list to whom `mail` cannot even be written, once for each fact and thing, and tells it.
pub fn instead_of_mail<M: Mail>(
    tx: &mut Tx<'_>,
    outbox: &Outbox,
    who: Unmailable,
    mail: &M,
) -> Result<(), MessageError> {
    let to = Addressee { name: &who.name, language: who.language, unsubscribe: "" };
    let subject = messages::subject_of(tx, outbox, mail, &to)?;
    let Some(call) = store::insert_unmailable(tx, &who, (M::CATEGORY, &subject))? else { return Ok(()) };
    let (person, concerns, reason) = (Some(who.person), who.concerns, CallReason::Unmailable);
    queue::record(tx, &CallNeeded { call, message: None, person, concerns, reason })?;
    Ok(())
}

/// Closes a call with what came of it.
pub fn close(tx: &mut Tx<'_>, id: CallId, input: &CallInput) -> Result<(), CallError> {
    let mut checks = Checks::new();
    let note = checks.required_line("note", &input.note, 400);
    let note = checks.done(note)?;
    let by = tx.actor().person().ok_or(DbError::NotFound)?;
    find(tx, id)?;
    if store::close(tx, id, by, &note)? { Ok(()) } else { Err(CallError::Done) }
}
