//! Faults on demand: what a relay may do to a client at each step.
//!
//! Only tests and benchmarks use more than [`NoFaults`]; the sandbox of `yui up` never does.

mod local_part;
mod step;

use std::time::Duration;

pub use local_part::LocalPartScript;
pub use step::StepScript;

/// Where in a conversation the script is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    /// A client connected; the banner is due.
    Connect,
    /// EHLO or HELO; the argument is the client's name.
    Hello,
    /// AUTH; the argument is the mechanism.
    Auth,
    /// MAIL; the argument is the sender.
    Mail,
    /// RCPT; the argument is the recipient.
    Recipient,
    /// DATA.
    Data,
    /// The first octets of the message are there.
    Text,
    /// The final dot is there, nothing is stored. What is not [`Act::Proceed`] leaves it unstored.
    Arrived,
    /// The mail is stored, 250 is due.
    Stored,
    /// RSET.
    Reset,
}

/// What the script may judge by.
#[derive(Debug, Clone, Copy)]
pub struct Moment<'a> {
    /// Where the conversation stands.
    pub step: Step,
    /// The command's argument.
    pub argument: &'a str,
    /// The connection, counted from 1.
    pub connection: u64,
    /// The sender of the message under way.
    pub sender: Option<&'a str>,
    /// Its recipients so far.
    pub recipients: &'a [String],
}

/// What the sink does at a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// As the rules say.
    Proceed,
    /// Does what the command asks and, if that is well, answers in these octets instead of its own.
    Reword(Vec<u8>),
    /// Does nothing and answers in these octets; 421 closes.
    Answer(Vec<u8>),
    /// Does nothing, answers in these octets and closes.
    AnswerThenClose(Vec<u8>),
    /// Does nothing and answers one octet at a time.
    Drip {
        /// The answer.
        words: Vec<u8>,
        /// The pause before each octet.
        every: Duration,
    },
    /// Closes without a word.
    Close,
    /// Says nothing more until the client leaves.
    Hang,
}

impl Act {
    /// An answer of one line.
    pub fn answer(line: &str) -> Self {
        Self::Answer(format!("{line}\r\n").into_bytes())
    }
}

/// Decides at each step.
pub trait Script: Send + Sync + 'static {
    /// What to do at this moment.
    fn act(&self, moment: &Moment<'_>) -> Act;
}

/// Everything by the rules.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct NoFaults;

impl Script for NoFaults {
    fn act(&self, _moment: &Moment<'_>) -> Act {
        Act::Proceed
    }
}
