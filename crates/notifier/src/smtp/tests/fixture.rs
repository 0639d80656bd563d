//! A sink, a relay that is it, and letters to send.

use std::sync::Arc;
use std::time::Duration;

use tokio::io::duplex;
use tokio::task::JoinHandle;

use crate::sink::{
    Greeting, LocalPartScript, MemoryMailbox, Offer, Script, Sink, SinkConfig, SinkHandle, converse,
};
use crate::smtp::{
    Content, Courier, Duplex, Envelope, EnvelopeAddress, OpenFailure, Outcome, Relay, Security, Session,
    Warmth,
};

/// No test may take longer, whatever hangs.
const BOUND: Duration = Duration::from_mins(1);
/// In paused time a bound must lie beyond every deadline.
const PAUSED_BOUND: Duration = Duration::from_hours(48);

pub(super) const LETTER: &[u8] = b"Subject: test\r\n\r\n.a dot and a line\r\n..\r\nend\r\n";

/// Fails instead of hanging.
pub(super) async fn bounded<T>(test: impl Future<Output = T>) -> T {
    tokio::time::timeout(BOUND, Box::pin(test)).await.expect("test hangs")
}

pub(super) async fn bounded_paused<T>(test: impl Future<Output = T>) -> T {
    tokio::time::timeout(PAUSED_BOUND, Box::pin(test)).await.expect("test hangs")
}

pub(super) fn address(text: &str) -> EnvelopeAddress {
    EnvelopeAddress::parse(text).unwrap()
}

pub(super) fn to(local: &str) -> Envelope {
    Envelope::new(Some(address("yui@town.example")), address(&format!("{local}@example.jp")))
}

pub(super) fn letter() -> Content {
    Content::new(LETTER).unwrap()
}

pub(super) fn plain_relay(port: u16) -> Relay {
    Relay::new("127.0.0.1", port, Security::PlainLoopback, "yui.example").unwrap()
}

/// A listening sink that acts by local parts.
pub(super) struct Post {
    pub(super) mailbox: Arc<MemoryMailbox>,
    pub(super) sink: SinkHandle,
}

impl Post {
    pub(super) async fn start(change: impl FnOnce(&mut SinkConfig)) -> Self {
        let mailbox = Arc::new(MemoryMailbox::default());
        let mut config = SinkConfig::new(mailbox.clone());
        config.script = Arc::new(LocalPartScript::default());
        change(&mut config);
        Self { mailbox, sink: Sink::start(config).await.unwrap() }
    }

    pub(super) async fn scripted(script: impl Script) -> Self {
        Self::start(|config| config.script = Arc::new(script)).await
    }

    pub(super) async fn without(offers: &[Offer]) -> Self {
        Self::start(|config| config.offers.retain(|offer| !offers.contains(offer))).await
    }

    pub(super) fn relay(&self) -> Relay {
        plain_relay(self.sink.addr().port())
    }

    pub(super) async fn session(&self) -> Session {
        Session::open(&self.relay()).await.unwrap()
    }

    pub(super) fn courier(&self) -> Courier {
        Courier::new(self.relay(), Warmth::default())
    }

    /// Sends one letter over a new connection.
    pub(super) async fn outcome(&self, envelope: &Envelope) -> Outcome {
        self.courier().send(envelope, LETTER).await.outcome
    }
}

/// A sink at the other end of a pipe, for paused time. `width` octets fit into the pipe.
pub(super) struct Pipe {
    pub(super) mailbox: Arc<MemoryMailbox>,
    pub(super) serving: JoinHandle<()>,
    client: Box<dyn Duplex>,
}

impl Pipe {
    pub(super) fn new(width: usize, script: impl Script) -> Self {
        let mailbox = Arc::new(MemoryMailbox::default());
        let mut config = SinkConfig::new(mailbox.clone());
        config.script = Arc::new(script);
        config.limits.idle = Duration::from_hours(24);
        config.limits.message = Duration::from_hours(24);
        let (client, server) = duplex(width);
        let serving = tokio::spawn(converse(server, Arc::new(config), 1, Greeting::Banner));
        Self { mailbox, serving, client: Box::new(client) }
    }

    pub(super) async fn open(self) -> (Result<Session, OpenFailure>, Arc<MemoryMailbox>, JoinHandle<()>) {
        (Session::open_over(&plain_relay(25), self.client).await, self.mailbox, self.serving)
    }
}

/// An outcome in a few words, for tables.
pub(super) fn brief(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Accepted { .. } => "accepted".to_owned(),
        Outcome::Deferred { stage, why, .. } => format!("deferred at {stage}: {}", why.as_str()),
        Outcome::Rejected { stage, reason, suppress, .. } => {
            format!("rejected at {stage}: {}{}", reason.as_str(), if *suppress { ", suppress" } else { "" })
        }
        Outcome::RelayDown { stage, .. } => format!("relay down at {stage}"),
        Outcome::Unknown { .. } => "unknown".to_owned(),
    }
}
