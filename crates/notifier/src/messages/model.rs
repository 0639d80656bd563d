//! What a message is and which states it passes through. No database here.

use chrono::{DateTime, Utc};
use kernel::{ContactId, EmailAddress, EventId, Language, MessageId, PersonId, text_enum};
use schemars::JsonSchema;
use serde::Serialize;

use super::events::EventView;
use super::policy::Category;

text_enum!(
    /// Where a message stands.
    MessageState {
        /// Waiting for its time or for a sender.
        Queued = "queued",
        /// A sender has it; no byte has left.
        Claimed = "claimed",
        /// The attempt is journalled; bytes may be leaving.
        Sending = "sending",
        /// The relay has taken it.
        Accepted = "accepted",
        /// Refused for now; waits for the next attempt.
        Deferred = "deferred",
        /// The address does not take mail.
        Rejected = "rejected",
        /// Sent or not, nobody knows.
        Unknown = "unknown",
        /// Waits for a person to release or cancel it.
        Held = "held",
        /// A person or a later fact made it needless.
        Cancelled = "cancelled",
        /// Refused for now too often.
        Dead = "dead",
        /// Taken by the relay and returned later.
        Bounced = "bounced",
        /// The reader reported it as spam.
        Complained = "complained",
        /// Its time was over before it could be sent.
        Expired = "expired",
    }
);

/// What may happen to a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// A sender takes it.
    Claim,
    /// Back into the queue: the sender stopped, its lease ran out before a byte left, or the relay is down.
    GiveBack,
    /// The attempt is journalled.
    Begin,
    /// The relay said yes.
    Accept,
    /// The relay said: not now.
    Defer,
    /// The relay said: never.
    Reject,
    /// No answer after the dot, or the lease ran out while sending.
    Doubt,
    /// Back into the queue by policy or by a person.
    Release,
    /// Aside, for a person.
    Hold,
    /// Not to be sent any more.
    Cancel,
    /// Refused for now too often.
    GiveUp,
    /// Its time is over.
    Expire,
    /// A bounce came.
    Bounce,
    /// A complaint came.
    Complain,
}

/// The message's state does not allow that step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a message that is {state} cannot do that ({step:?})")]
pub struct NotPossible {
    /// Where it stands.
    pub state: MessageState,
    /// What was asked.
    pub step: Step,
}

impl MessageState {
    /// Where `step` leads from here.
    pub fn next(self, step: Step) -> Result<Self, NotPossible> {
        use MessageState::{
            Accepted, Bounced, Cancelled, Claimed, Complained, Dead, Deferred, Expired, Held, Queued,
            Rejected, Sending, Unknown,
        };
        Ok(match (self, step) {
            (Queued | Deferred, Step::Claim) => Claimed,
            (Claimed | Sending, Step::GiveBack) | (Unknown | Held, Step::Release) => Queued,
            (Claimed, Step::Begin) => Sending,
            (Sending, Step::Accept) => Accepted,
            (Sending, Step::Defer) => Deferred,
            (Sending, Step::Reject) => Rejected,
            (Sending, Step::Doubt) => Unknown,
            (Queued | Deferred | Claimed | Unknown | Sending, Step::Hold) => Held,
            (Queued | Deferred | Claimed | Unknown | Held, Step::Cancel) => Cancelled,
            (Sending, Step::GiveUp) => Dead,
            (Queued | Deferred, Step::Expire) => Expired,
            // What nobody knew to have arrived had: otherwise nothing could come back.
            (Accepted | Unknown, Step::Bounce) => Bounced,
            (Accepted | Unknown, Step::Complain) => Complained,
            (state, step) => return Err(NotPossible { state, step }),
        })
    }

    /// Whether it did not reach its reader and never will.
    pub fn is_lost(self) -> bool {
        matches!(self, Self::Rejected | Self::Dead | Self::Bounced | Self::Expired)
    }

    /// Whether nothing more will be tried.
    pub fn is_ended(self) -> bool {
        matches!(
            self,
            Self::Accepted
                | Self::Rejected
                | Self::Cancelled
                | Self::Dead
                | Self::Bounced
                | Self::Complained
                | Self::Expired
        )
    }
}

/// What became of a mail that its reader has to have got before anything may follow from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrival {
    /// A relay took it at that time, and nothing has come back since.
    Taken(DateTime<Utc>),
    /// It waits: for its time, for a relay, for the next try, or for a person.
    UnderWay,
    /// The receiving side sent it back, at once or later, at that time.
    Returned(DateTime<Utc>),
    /// There is none, or it did not leave and will not, or its reader does not want it.
    Never,
}

impl Arrival {
    /// Of a mail that stands so since `at`.
    pub(super) fn of(state: MessageState, at: DateTime<Utc>) -> Self {
        use MessageState as State;
        match state {
            State::Accepted => Self::Taken(at),
            State::Rejected | State::Bounced => Self::Returned(at),
            State::Queued
            | State::Claimed
            | State::Sending
            | State::Deferred
            | State::Unknown
            | State::Held => Self::UnderWay,
            State::Cancelled | State::Dead | State::Complained | State::Expired => Self::Never,
        }
    }
}

/// Whose address it is, where the town knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Party {
    /// Somebody of the town.
    Person(PersonId),
    /// Somebody at a company.
    Contact(ContactId),
    /// An address alone.
    Nobody,
}

impl Party {
    pub(crate) fn person(self) -> Option<PersonId> {
        match self {
            Self::Person(id) => Some(id),
            _ => None,
        }
    }

    pub(crate) fn contact(self) -> Option<ContactId> {
        match self {
            Self::Contact(id) => Some(id),
            _ => None,
        }
    }
}

/// Whom a mail is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    /// Who that is.
    pub party: Party,
    /// Their name without 様 or さん: the templates address people.
    pub name: String,
    /// Where mail reaches them.
    pub address: EmailAddress,
    /// The language the mail speaks.
    pub language: Language,
}

/// A mail to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMessage<M> {
    /// What it says.
    pub mail: M,
    /// To whom.
    pub recipient: Recipient,
    /// The fact that caused it: one fact mails one address once per template and thing.
    pub event: Option<EventId>,
    /// Not before this time; at once where `None`.
    pub not_before: Option<DateTime<Utc>>,
    /// Not after this time; by the category where `None`.
    pub expires_at: Option<DateTime<Utc>>,
    /// The thing it is about, such as `job:12`: its check at the last moment goes by it.
    pub concerns: Option<String>,
    /// What happens to a mail of the same kind about the same thing that still waits.
    pub older: Older,
    /// Whether the reader's hours count.
    pub pace: Pace,
}

/// What happens to a mail of the same kind, to the same address, about the same thing, that still waits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Older {
    /// Both are sent.
    #[default]
    Stays,
    /// The newer one says it all: the older one is cancelled.
    IsReplaced,
}

/// Whether the reader's hours and their category's throttle count.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Pace {
    /// As the category says.
    #[default]
    ByCategory,
    /// At the time asked for: the reader chose it, or waits for it.
    AsAsked,
}

/// What became of a wish to mail somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Queued {
    /// It will be sent.
    Message(MessageId),
    /// This event has already mailed this address with this template; nothing was written.
    Repeated,
    /// Its reader does not want this category, or has not agreed to it; nothing was written.
    Unwanted,
    /// The address is left alone (`suppressions`), and nothing is owed: nothing will be sent. Somebody of the town finds it
    /// among what they were told.
    AddressDead,
    /// It could only go when it would be of no use any more: nothing will be sent. Somebody of the town finds it among what
    /// they were told, unless it is of no use already.
    TooLate,
}

impl Queued {
    /// The message, where there is one.
    pub fn id(self) -> Option<MessageId> {
        match self {
            Self::Message(id) => Some(id),
            _ => None,
        }
    }
}

impl<M> NewMessage<M> {
    /// A mail to be sent at once.
    pub fn new(mail: M, recipient: Recipient) -> Self {
        Self {
            mail,
            recipient,
            event: None,
            not_before: None,
            expires_at: None,
            concerns: None,
            older: Older::Stays,
            pace: Pace::ByCategory,
        }
    }

    /// Names the fact that caused it.
    #[must_use]
    pub fn about(mut self, event: EventId) -> Self {
        self.event = Some(event);
        self
    }

    /// Not before `time`.
    #[must_use]
    pub fn not_before(mut self, time: DateTime<Utc>) -> Self {
        self.not_before = Some(time);
        self
    }

    /// Worthless after `time`.
    #[must_use]
    pub fn until(mut self, time: DateTime<Utc>) -> Self {
        self.expires_at = Some(time);
        self
    }

    /// Names the thing it is about.
    #[must_use]
    pub fn concerning(mut self, thing: impl Into<String>) -> Self {
        self.concerns = Some(thing.into());
        self
    }

    /// Takes the place of a waiting mail of the same kind about the same thing.
    #[must_use]
    pub fn instead_of_older(mut self) -> Self {
        self.older = Older::IsReplaced;
        self
    }

    /// At the time asked for, whatever the hour.
    #[must_use]
    pub fn as_asked(mut self) -> Self {
        self.pace = Pace::AsAsked;
        self
    }
}

/// A message with everything that happened to it.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Message {
    /// What lists show.
    #[serde(flatten)]
    pub summary: MessageSummary,
    /// Not sent before.
    pub not_before: DateTime<Utc>,
    /// Not sent after.
    pub expires_at: DateTime<Utc>,
    /// Whom it comes from.
    pub from_address: String,
    /// Its Message-ID header.
    pub message_id: String,
    /// Who caused it: `system`, `person:42`, `outside`.
    pub asked_by: String,
    /// The message it repeats, where a person had it sent once more.
    pub resend_of: Option<MessageId>,
    /// Why they did.
    pub resend_reason: Option<String>,
    /// Hexadecimal SHA-256 of the frozen bytes.
    pub sha256: String,
    /// The town's own version of the text it was written with; none: Yui's own.
    pub text_version: Option<i32>,
    /// What else happened, oldest first: links used, bounces, decisions.
    pub events: Vec<EventView>,
    /// The latest attempts, oldest first.
    pub attempts: Vec<AttemptView>,
}

/// A message in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MessageSummary {
    /// Its id.
    pub id: MessageId,
    /// Why it is sent.
    pub category: Category,
    /// Which mail it is.
    pub template: String,
    /// The language it speaks.
    pub language: Language,
    /// Whom it is for.
    pub party: Party,
    /// Their name.
    pub to_name: String,
    /// Their address.
    pub to_address: EmailAddress,
    /// Its subject.
    pub subject: String,
    /// Where it stands.
    pub state: MessageState,
    /// How often it was tried.
    pub attempt: i16,
    /// When it was queued.
    pub created_at: DateTime<Utc>,
    /// When nothing more was to be tried.
    pub ended_at: Option<DateTime<Utc>>,
}

/// One attempt in a message's timeline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "MessageAttempt")]
pub struct AttemptView {
    /// Which one; a relay that was down repeats the number.
    pub attempt: i16,
    /// The relay.
    pub relay: String,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// When it ended; none while under way.
    pub ended_at: Option<DateTime<Utc>>,
    /// How it ended: `accepted`, `deferred`, `rejected`, `held`, `unknown` or `relay_down`.
    pub outcome: Option<String>,
    /// How far it got.
    pub stage: Option<String>,
    /// Why it was refused or put off.
    pub reason: Option<String>,
    /// Whether the relay said that the address is dead.
    pub suppress: bool,
    /// The relay's last word.
    pub reply: Option<String>,
    /// The conversation, secrets masked.
    pub transcript: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    const STEPS: [Step; 14] = [
        Step::Claim,
        Step::GiveBack,
        Step::Begin,
        Step::Accept,
        Step::Defer,
        Step::Reject,
        Step::Doubt,
        Step::Release,
        Step::Hold,
        Step::Cancel,
        Step::GiveUp,
        Step::Expire,
        Step::Bounce,
        Step::Complain,
    ];

    /// Every state with all that may happen to it; what is not here may not happen.
    #[test]
    fn the_machine_is_the_plans() {
        let table: &[(&str, &[(Step, &str)])] = &[
            (
                "queued",
                &[
                    (Step::Claim, "claimed"),
                    (Step::Hold, "held"),
                    (Step::Cancel, "cancelled"),
                    (Step::Expire, "expired"),
                ],
            ),
            (
                "claimed",
                &[
                    (Step::GiveBack, "queued"),
                    (Step::Begin, "sending"),
                    (Step::Hold, "held"),
                    (Step::Cancel, "cancelled"),
                ],
            ),
            (
                "sending",
                &[
                    (Step::GiveBack, "queued"),
                    (Step::Accept, "accepted"),
                    (Step::Defer, "deferred"),
                    (Step::Reject, "rejected"),
                    (Step::Doubt, "unknown"),
                    (Step::Hold, "held"),
                    (Step::GiveUp, "dead"),
                ],
            ),
            ("accepted", &[(Step::Bounce, "bounced"), (Step::Complain, "complained")]),
            (
                "deferred",
                &[
                    (Step::Claim, "claimed"),
                    (Step::Hold, "held"),
                    (Step::Cancel, "cancelled"),
                    (Step::Expire, "expired"),
                ],
            ),
            ("rejected", &[]),
            (
                "unknown",
                &[
                    (Step::Release, "queued"),
                    (Step::Hold, "held"),
                    (Step::Cancel, "cancelled"),
                    (Step::Bounce, "bounced"),
                    (Step::Complain, "complained"),
                ],
            ),
            ("held", &[(Step::Release, "queued"), (Step::Cancel, "cancelled")]),
            ("cancelled", &[]),
            ("dead", &[]),
            ("bounced", &[]),
            ("complained", &[]),
            ("expired", &[]),
        ];
        assert_eq!(table.len(), MessageState::ALL.len());
        for (state, ways) in table {
            let state: MessageState = state.parse().unwrap();
            for step in STEPS {
                let planned = ways.iter().find(|(way, _)| *way == step).map(|(_, next)| *next);
                let found = state.next(step).ok().map(MessageState::as_str);
                assert_eq!(found, planned, "{state} {step:?}");
            }
        }
    }

    #[test]
    fn an_ended_message_is_never_sent_again() {
        for state in MessageState::ALL.iter().filter(|state| state.is_ended()) {
            assert!(state.next(Step::Claim).is_err() && state.next(Step::Release).is_err(), "{state}");
        }
    }
}
