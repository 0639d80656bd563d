//! How a sink is set up.

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use super::mailbox::Mailbox;
use super::script::{NoFaults, Script};

/// An extension the sink announces in its answer to EHLO, and then honours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offer {
    /// RFC 2920. Where it is not offered, several commands at once are refused.
    Pipelining,
    /// RFC 1870, with [`Limits::message_octets`].
    Size,
    /// RFC 6152.
    EightBitMime,
    /// RFC 6531.
    SmtpUtf8,
    /// RFC 3461; parameters are taken and kept, no notice is ever sent.
    Dsn,
    /// RFC 2034.
    EnhancedStatusCodes,
}

impl Offer {
    /// Everything the sink can do.
    pub const ALL: [Self; 6] = [
        Self::Pipelining,
        Self::Size,
        Self::EightBitMime,
        Self::SmtpUtf8,
        Self::Dsn,
        Self::EnhancedStatusCodes,
    ];
}

/// What a sink speaks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Protocol {
    /// RFC 5321.
    #[default]
    Smtp,
    /// RFC 2033: LHLO instead of EHLO, and after the dot one answer for each recipient.
    Lmtp,
}

/// Whether clients sign in, and who may (RFC 4954).
#[derive(Clone, Default)]
pub enum SignIn {
    /// AUTH is not offered.
    #[default]
    NotOffered,
    /// Anybody may, nobody must.
    Anybody,
    /// Everybody must and nobody can: each try is answered 535.
    Nobody,
    /// Everybody must, with this name and password.
    Required {
        /// The name.
        user: String,
        /// The password.
        password: String,
    },
}

impl fmt::Debug for SignIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotOffered => "NotOffered",
            Self::Anybody => "Anybody",
            Self::Nobody => "Nobody",
            Self::Required { .. } => "Required(********)",
        })
    }
}

/// What one client, or many, may take up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Connections at a time; one more is answered 421.
    pub connections: usize,
    /// The longest wait for a whole command, and for the client to take an answer.
    pub idle: Duration,
    /// The longest time for a whole message.
    pub message: Duration,
    /// Octets of a message.
    pub message_octets: usize,
    /// Recipients of a message (RFC 5321 section 4.5.3.1.8 wants 100 at least).
    pub recipients: usize,
    /// Refused commands after which the client is sent away.
    pub errors: u32,
}

impl Default for Limits {
    /// 64 connections, 2 minutes of silence, 10 minutes for a message of 25 MiB, 100 recipients, 20 errors.
    fn default() -> Self {
        Self {
            connections: 64,
            idle: Duration::from_mins(2),
            message: Duration::from_mins(10),
            message_octets: 25 * 1024 * 1024,
            recipients: 100,
            errors: 20,
        }
    }
}

/// A sink's settings.
#[derive(Clone)]
pub struct SinkConfig {
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// What is spoken there.
    pub protocol: Protocol,
    /// The name in the banner.
    pub name: String,
    /// What EHLO announces.
    pub offers: Vec<Offer>,
    /// Who may sign in.
    pub sign_in: SignIn,
    /// Bounds.
    pub limits: Limits,
    /// Where mails go.
    pub mailbox: Arc<dyn Mailbox>,
    /// Faults to act out; [`NoFaults`] outside tests.
    pub script: Arc<dyn Script>,
}

impl SinkConfig {
    /// A free port on loopback, everything offered, no sign-in, no faults.
    pub fn new(mailbox: Arc<dyn Mailbox>) -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            protocol: Protocol::Smtp,
            name: "sink.localhost".to_owned(),
            offers: Offer::ALL.to_vec(),
            sign_in: SignIn::default(),
            limits: Limits::default(),
            mailbox,
            script: Arc::new(NoFaults),
        }
    }

    pub(super) fn offers(&self, offer: Offer) -> bool {
        self.offers.contains(&offer)
    }
}
