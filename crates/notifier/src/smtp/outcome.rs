//! The words for how a send ended. Their rules are in [`classify`](super::classify()).

use std::fmt;
use std::io;
use std::time::Duration;

use super::content::Unsendable;
use super::reply::Reply;
use super::transcript::Transcript;

/// How far a conversation got. The order is the order in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Looking up the relay's address.
    Resolve,
    /// The TCP connection.
    Connect,
    /// The TLS handshake, STARTTLS included.
    Tls,
    /// The server's banner.
    Banner,
    /// EHLO.
    Hello,
    /// AUTH.
    Auth,
    /// Our own checks of the message against the rules and the server's offers; nothing is on the wire yet.
    Check,
    /// MAIL FROM.
    Mail,
    /// RCPT TO.
    Recipient,
    /// DATA.
    Data,
    /// The text is being written; the final dot has not left.
    Content,
    /// The final dot may have left.
    Final,
}

impl Stage {
    /// Whether no message is concerned yet: a failure here is the relay's, not the message's.
    pub fn is_opening(self) -> bool {
        self <= Self::Auth
    }

    /// The word stored in attempt rows and written to logs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Resolve => "resolve",
            Self::Connect => "connect",
            Self::Tls => "tls",
            Self::Banner => "banner",
            Self::Hello => "hello",
            Self::Auth => "auth",
            Self::Check => "check",
            Self::Mail => "mail",
            Self::Recipient => "recipient",
            Self::Data => "data",
            Self::Content => "content",
            Self::Final => "final",
        }
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What ended a stage.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Cause {
    /// The server said so.
    #[error("{0}")]
    Reply(Reply),
    /// The stage took longer than it may.
    #[error("no answer in time")]
    Timeout,
    /// The server closed the connection.
    #[error("connection closed")]
    Closed,
    /// The network failed.
    #[error("network: {0}")]
    Network(io::ErrorKind),
    /// The name did not resolve.
    #[error("name look-up: {0}")]
    Lookup(io::ErrorKind),
    /// The answer cannot be read as an SMTP reply, or is longer than 64 KiB.
    #[error("unreadable reply")]
    Unreadable,
    /// The server spoke when it was our turn, so replies no longer match commands.
    #[error("unexpected words from the server")]
    Unsolicited,
    /// The handshake failed: certificate, host name or protocol version.
    #[error("TLS: {0}")]
    Tls(String),
    /// TLS is required but the server does not offer STARTTLS (or somebody stripped the offer).
    #[error("STARTTLS is not offered")]
    StartTlsMissing,
    /// Plaintext is allowed on loopback only and the relay is elsewhere.
    #[error("plaintext to a relay that is not on loopback")]
    PlaintextRefused,
    /// Credentials are configured but the server offers neither PLAIN nor LOGIN.
    #[error("no common AUTH mechanism")]
    NoMechanism,
    /// The message cannot be sent as it is, by our rules or by the server's offers.
    #[error("{0}")]
    Unsendable(Unsendable),
}

impl Cause {
    /// The server's reply, if that is what it was.
    pub fn reply(&self) -> Option<&Reply> {
        match self {
            Self::Reply(reply) => Some(reply),
            _ => None,
        }
    }

    /// The reply's code, if there is one; fit for logs.
    pub fn code(&self) -> Option<u16> {
        self.reply().map(Reply::code)
    }
}

/// How the attempt to send one message ended (`notifier.md` 2b).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The relay answered 250 after the dot: it is the relay's now. Commit at once.
    Accepted {
        /// The final reply, with the queue id.
        reply: Reply,
    },
    /// Not sent, and sending the same bytes again later is safe and sensible.
    Deferred {
        /// Where it stopped.
        stage: Stage,
        /// What stopped it.
        cause: Cause,
        /// Why to wait, which bounds how long to keep trying.
        why: Delay,
        /// The earliest next attempt from now, without jitter: the server's own wish, else by reason.
        retry_after: Duration,
    },
    /// Not sent, and the same bytes to the same address will not be accepted.
    Rejected {
        /// Where it stopped.
        stage: Stage,
        /// What stopped it.
        cause: Cause,
        /// Whose fault, which decides what happens next.
        reason: Reason,
        /// Whether the address is dead and must go on the suppression list.
        suppress: bool,
    },
    /// The relay is not usable for any message. No attempt counts; the breaker opens, the rows stay.
    RelayDown {
        /// Where it stopped.
        stage: Stage,
        /// What stopped it.
        cause: Cause,
    },
    /// The dot may have left and no answer came: sent or not, nobody knows (RFC 1047). The category's policy decides.
    Unknown {
        /// What happened instead of an answer.
        cause: Cause,
    },
}

impl Outcome {
    /// Where the attempt ended.
    pub fn stage(&self) -> Stage {
        match self {
            Self::Accepted { .. } | Self::Unknown { .. } => Stage::Final,
            Self::Deferred { stage, .. } | Self::Rejected { stage, .. } | Self::RelayDown { stage, .. } => {
                *stage
            }
        }
    }

    /// The server's last word, if it had one.
    pub fn reply(&self) -> Option<&Reply> {
        match self {
            Self::Accepted { reply } => Some(reply),
            Self::Deferred { cause, .. }
            | Self::Rejected { cause, .. }
            | Self::RelayDown { cause, .. }
            | Self::Unknown { cause } => cause.reply(),
        }
    }

    /// Whether the relay's circuit breaker should count this against the relay: it is down, it is closing (421),
    /// or it broke off. A message that always makes the relay break off is thus deferred *and* noticed.
    pub fn strains_relay(&self) -> bool {
        match self {
            Self::RelayDown { .. } | Self::Unknown { .. } => true,
            Self::Deferred { why, .. } => matches!(why, Delay::RelayClosing | Delay::Interrupted),
            Self::Accepted { .. } | Self::Rejected { .. } => false,
        }
    }

    /// The word stored in attempt rows and written to logs.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Accepted { .. } => "accepted",
            Self::Deferred { .. } => "deferred",
            Self::Rejected { .. } => "rejected",
            Self::RelayDown { .. } => "relay_down",
            Self::Unknown { .. } => "unknown",
        }
    }
}

/// Why to try again later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delay {
    /// 4yz at RCPT: the receiver wants to see whether we come back (greylisting) or is busy.
    Recipient,
    /// The mailbox is full (x.2.2, or 552 at RCPT).
    MailboxFull,
    /// The relay is short of something for now (4yz elsewhere).
    RelayBusy,
    /// The relay is closing the conversation (421) before the dot.
    RelayClosing,
    /// The conversation broke off before the dot.
    Interrupted,
}

impl Delay {
    /// How long to keep trying at most, where the reason itself bounds it; then reject, without suppression.
    /// Otherwise the category's time to live decides.
    pub fn patience(self) -> Option<Duration> {
        (self == Self::MailboxFull).then(|| Duration::from_hours(72))
    }

    /// The first wait when the server names none. Greylisting opens after 5–15 minutes.
    pub fn first_wait(self) -> Duration {
        match self {
            Self::Recipient => Duration::from_mins(5),
            Self::MailboxFull => Duration::from_hours(4),
            Self::RelayBusy => Duration::from_mins(2),
            Self::RelayClosing | Self::Interrupted => Duration::from_mins(1),
        }
    }

    /// The word stored in attempt rows.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Recipient => "recipient",
            Self::MailboxFull => "mailbox_full",
            Self::RelayBusy => "relay_busy",
            Self::RelayClosing => "relay_closing",
            Self::Interrupted => "interrupted",
        }
    }
}

/// Why a message was refused for good, and so who has to act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The address does not take mail: tell staff; suppress it when the reply says it does not exist.
    Recipient,
    /// Policy, reputation, spam or DMARC: hold for staff, count per relay, never suppress.
    Policy,
    /// Our sender identity is not accepted: alert, hold the whole category.
    Sender,
    /// Too large: render again with a link instead of the attachment.
    Size,
    /// Our bytes break a rule or need an extension the relay lacks: a defect to mend, hold.
    Content,
    /// The server did not understand a command: hold and look.
    Protocol,
}

impl Reason {
    /// The word stored in attempt rows.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Recipient => "recipient",
            Self::Policy => "policy",
            Self::Sender => "sender",
            Self::Size => "size",
            Self::Content => "content",
            Self::Protocol => "protocol",
        }
    }
}

/// One attempt as it goes into the journal.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// How it ended.
    pub outcome: Outcome,
    /// Who said what, secrets masked and the message left out. Holds addresses: store it, do not log it.
    pub transcript: Transcript,
    /// How long it took, opening the connection included.
    pub took: Duration,
    /// Whether the conversation was encrypted.
    pub encrypted: bool,
}
