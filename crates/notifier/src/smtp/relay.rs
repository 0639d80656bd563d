//! Where mail is handed over, and how long each step of that may take.

use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use lettre::transport::smtp::extension::ClientId;
use tokio_rustls::rustls::pki_types::ServerName;

use super::trust::Trust;

/// How the conversation is protected. There is no "TLS if offered": who can strip the offer could read the mail.
#[derive(Debug, Clone)]
pub enum Security {
    /// No TLS; refused unless the relay's address is on loopback.
    PlainLoopback,
    /// Starts in plaintext and must switch (RFC 3207), as a rule on port 587.
    StartTls(Trust),
    /// TLS from the first byte (RFC 8314), as a rule on port 465. Preferred.
    Tls(Trust),
}

/// A name and a password for the relay.
#[derive(Clone)]
pub struct Credentials {
    user: String,
    password: String,
}

impl Credentials {
    /// Both as the relay's operator gave them.
    pub fn new(user: impl Into<String>, password: impl Into<String>) -> Self {
        Self { user: user.into(), password: password.into() }
    }

    pub(super) fn for_lettre(&self) -> lettre::transport::smtp::authentication::Credentials {
        lettre::transport::smtp::authentication::Credentials::new(self.user.clone(), self.password.clone())
    }

    /// `text` with the password blotted out, should a server repeat it.
    pub(super) fn mask(&self, text: &str) -> String {
        if self.password.is_empty() { text.to_owned() } else { text.replace(&self.password, "********") }
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credentials(********)")
    }
}

/// The longest time each step may take *in all*: a server that drips a byte now and then gains nothing.
///
/// RFC 5321 section 4.5.3.2 asks for minutes at most steps and for ten at the last one. A sender that serves a whole
/// queue cannot wait five minutes for a banner, so the early steps are shorter (repeating them is safe); the last
/// one keeps its ten minutes, because giving up there is what makes duplicates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timeouts {
    /// Name look-up.
    pub resolve: Duration,
    /// TCP connection, per address of the relay.
    pub connect: Duration,
    /// TLS handshake.
    pub tls: Duration,
    /// Banner and EHLO together.
    pub greeting: Duration,
    /// AUTH with all its challenges.
    pub auth: Duration,
    /// Each answer to MAIL, RCPT, DATA, RSET, and the write of these commands.
    pub command: Duration,
    /// Writing the message, per mebibyte begun.
    pub content: Duration,
    /// The answer after the final dot.
    pub final_reply: Duration,
    /// QUIT and its answer.
    pub close: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            resolve: Duration::from_secs(10),
            connect: Duration::from_secs(10),
            tls: Duration::from_secs(15),
            greeting: Duration::from_mins(1),
            auth: Duration::from_secs(30),
            command: Duration::from_mins(1),
            content: Duration::from_mins(3),
            final_reply: Duration::from_mins(10),
            close: Duration::from_secs(5),
        }
    }
}

impl Timeouts {
    /// How long writing `octets` may take.
    pub fn content_for(&self, octets: u64) -> Duration {
        let mebibytes = octets.div_ceil(1024 * 1024).max(1);
        self.content.saturating_mul(u32::try_from(mebibytes).unwrap_or(u32::MAX))
    }

    /// The longest an attempt with a message of `octets` can take, opening a connection (twice, when a warm one
    /// turns out dead) included: the sender's lease must be longer.
    pub fn longest_attempt(&self, octets: u64) -> Duration {
        let opening = self.resolve + self.connect * 4 + self.tls + self.greeting * 2 + self.auth;
        (opening + self.command * 8) * 2 + self.content_for(octets) + self.final_reply + self.close
    }
}

/// Why a relay's settings cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RelayError {
    /// The host is neither a DNS name nor an IP address.
    #[error("the relay's host is not a host name")]
    Host,
    /// The name to greet with is neither a host name nor an IP address.
    #[error("the name to greet the relay with is not a host name")]
    Hello,
}

/// A server that takes our mail and delivers it.
#[derive(Debug, Clone)]
pub struct Relay {
    host: String,
    port: u16,
    security: Security,
    hello: ClientId,
    credentials: Option<Credentials>,
    timeouts: Timeouts,
}

impl Relay {
    /// `host` is the name the certificate must carry; `hello` is our own name in EHLO, a host name or an IP address.
    pub fn new(host: &str, port: u16, security: Security, hello: &str) -> Result<Self, RelayError> {
        if ServerName::try_from(host).is_err() {
            return Err(RelayError::Host);
        }
        let hello = client_id(hello).ok_or(RelayError::Hello)?;
        Ok(Self {
            host: host.to_owned(),
            port,
            security,
            hello,
            credentials: None,
            timeouts: Timeouts::default(),
        })
    }

    /// Signs in after the greeting; PLAIN is preferred to LOGIN.
    #[must_use]
    pub fn with_credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = Some(credentials);
        self
    }

    /// Replaces the default deadlines.
    #[must_use]
    pub fn with_timeouts(mut self, timeouts: Timeouts) -> Self {
        self.timeouts = timeouts;
        self
    }

    /// The name connected to.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port connected to.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// How the conversation is protected.
    pub fn security(&self) -> &Security {
        &self.security
    }

    /// The deadlines.
    pub fn timeouts(&self) -> &Timeouts {
        &self.timeouts
    }

    pub(super) fn hello(&self) -> &ClientId {
        &self.hello
    }

    pub(super) fn credentials(&self) -> Option<&Credentials> {
        self.credentials.as_ref()
    }
}

/// `host:port`, for logs.
impl fmt::Display for Relay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.host, self.port)
    }
}

/// EHLO's argument; what is not a plain host name could carry a command (RFC 5321 section 4.1.1.1).
fn client_id(hello: &str) -> Option<ClientId> {
    if let Ok(address) = hello.parse::<IpAddr>() {
        return Some(match address {
            IpAddr::V4(v4) => ClientId::Ipv4(v4),
            IpAddr::V6(v6) => ClientId::Ipv6(v6),
        });
    }
    let lawful = !hello.is_empty()
        && hello.len() <= 255
        && hello.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_'));
    lawful.then(|| ClientId::Domain(hello.to_owned()))
}
