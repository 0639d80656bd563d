//! An SMTP and LMTP server that passes nothing on: the sandbox mailbox of `yui up`, the desk that notices come back to
//! (`bounces::lmtp`), and the fixture of the mail tests.
//!
//! It speaks what relays speak (EHLO, AUTH, PIPELINING, SIZE, 8BITMIME, SMTPUTF8, DSN, enhanced codes) and is strict
//! where strictness finds our own defects: lines end with CRLF, a text ends with CRLF dot CRLF and nothing else, and
//! no line is longer than 1,000 octets. Each accepted mail goes to a `Mailbox` *before* the client hears 250, so a
//! mailbox that stores durably makes the promise true.
//!
//! It listens on loopback unless told otherwise, holds a bounded number of connections and closes those that fall
//! silent. Faults for tests come from a `Script`; the sandbox runs with `NoFaults`. Callers: `yui` for the
//! sandbox, `bounces`, tests and benchmarks. Invariant: with `NoFaults` every command is answered by the rules of RFC 5321.

mod answer;
mod command;
mod conversation;
mod listener;
mod mailbox;
mod peer;
mod script;
mod settings;
mod sign_in;
mod text;
mod transaction;

#[cfg(test)]
mod tests;

pub use answer::{Answer, Refusal};
pub use conversation::{Greeting, converse};
pub use listener::{Door, Serving, Sink, SinkHandle};
pub use mailbox::{Mailbox, MemoryMailbox, ReceivedMail};
pub use script::{Act, LocalPartScript, Moment, NoFaults, Script, Step, StepScript};
pub use settings::{Limits, Offer, Protocol, SignIn, SinkConfig};
