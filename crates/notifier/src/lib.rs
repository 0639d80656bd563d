//! The mail core: what is sent to whom, when, and what became of it.
//!
//! A verb or a subscriber calls [`messages::queue`] in its own transaction: the mail is rendered once, its bytes are
//! frozen, and one commit makes the business fact and the intent to tell people true together. [`sending`] claims
//! what is due, journals the attempt *before* the first byte leaves, and records what the relay said. What nobody can
//! know (no answer after the final dot) is a state of its own, `unknown`, that the category's policy settles.
//!
//! Invariants: a rolled-back transaction sends nothing; one event mails one address once per template and thing; every
//! retry sends the very same bytes; a relay that refuses us (wrong password, no TLS, DNS) ends no message; logs carry no
//! name and no address (tests in `sending/tests.rs` and `messages/tests.rs`). The kinds of mail are in [`mails`].

pub mod bounces;
pub mod calls;
mod compose;
pub mod consents;
pub mod digests;
pub mod feed;
pub mod mails;
pub mod messages;
pub mod preferences;
pub mod reading;
pub mod sandbox;
mod schema;
pub mod sending;
mod settings;
/// An SMTP server that delivers nowhere: the sandbox mailbox and the tests' fixture.
pub mod sink;
/// The sending driver: one message over SMTP, with an honest outcome.
pub mod smtp;
pub mod suppressions;
pub mod texts;
pub mod unsubscribe;
pub mod webhooks;

#[cfg(test)]
mod fixture;

pub use compose::ComposeError;
pub use mails::{Link, Mail};
pub use messages::{
    Category, Message, MessageError, MessageState, MessageSummary, NewMessage, Party, Queued, Recipient,
    queue,
};
pub use sending::{Depot, Due, SenderSettings, Senders};
pub use settings::{KeepsHours, MailSettings, Outbox, SettingsError};

/// Raised by transactions that queued a message; senders wake on it. Give it to [`queue::connect_signals`] with the
/// others.
///
/// [`queue::connect_signals`]: ::queue::connect_signals
pub const MAILS: &str = "mails";
