//! The sending driver: one SMTP conversation that always knows how far it got.
//!
//! It stands on lettre's connection level (`AsyncSmtpConnection`) and adds what that level lacks: a bound on every
//! wait, `TCP_NODELAY`, pipelining, one write per message, a check of 354, `RSET`, TLS that a stripped STARTTLS
//! cannot avoid, and an `Outcome` per stage × code × enhanced code instead of "4xx or 5xx".
//!
//! Invariants, each guarded in `tests/`:
//! * a connection on which a wait ended early, or whose future was dropped, is never used again (`session_tests`);
//! * off loopback nothing but EHLO and STARTTLS is said in plaintext (`tls_tests`);
//! * no byte of a message can be read as a command: `Content` refuses bare CR and LF (`content_tests`);
//! * a failure before the final dot is safe to repeat, one after it is `Outcome::Unknown` (`fault_tests`);
//! * logs name the relay, the stage and the code, never an address or a text.
//!
//! Callers: the notifier's sender threads through `BlockingCourier`; tests and benchmarks through `Courier`.

mod capabilities;
mod classify;
mod content;
mod courier;
mod dialogue;
mod envelope;
mod open;
mod outcome;
mod relay;
mod reply;
mod session;
mod transcript;
mod trust;
mod wire;

#[cfg(test)]
mod tests;

pub use capabilities::{Capabilities, Extension};
pub use classify::classify;
pub(crate) use classify::says_no_such_address;
pub use content::{Content, Unsendable};
pub use courier::{BlockingCourier, Courier, Warmth};
pub use envelope::{AddressError, DeliveryNotices, Envelope, EnvelopeAddress};
pub use outcome::{Attempt, Cause, Delay, Outcome, Reason, Stage};
pub use relay::{Credentials, Relay, RelayError, Security, Timeouts};
pub use reply::{EnhancedCode, Reply};
pub use session::{OpenFailure, Session};
pub use transcript::{Side, Transcript, TranscriptLine};
pub use trust::{Trust, TrustError};
pub use wire::Duplex;
