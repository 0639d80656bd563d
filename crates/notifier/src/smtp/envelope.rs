//! Who a message goes out from and to, in a form that cannot carry anything but an address.
//!
//! Invariant: an [`EnvelopeAddress`] holds no control character and prints as one RFC 5321 path, so a value can never
//! add a command or a recipient. Guarded by `envelope_tests`. One message has one recipient: replies are per
//! recipient, and so are retries.

use std::fmt;

/// Octets of a local part (RFC 5321 section 4.5.3.1.1).
const LOCAL_LIMIT: usize = 64;
/// Octets of a domain (RFC 5321 section 4.5.3.1.2).
const DOMAIN_LIMIT: usize = 255;
/// Octets of an address: a path is 256 with its brackets (RFC 5321 section 4.5.3.1.3).
const ADDRESS_LIMIT: usize = 254;
/// Characters of a local part that need no quotes (RFC 5322 section 3.2.3), the dot aside.
const ATEXT: &str = "!#$%&'*+-/=?^_`{|}~";

/// Why a text is not an address to send to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// No `@`, or nothing on one side of it.
    #[error("no local part or no domain")]
    Incomplete,
    /// Local part over 64, domain over 255 or all over 254 octets.
    #[error("too long")]
    TooLong,
    /// A character that may not stand in an address unquoted, or at all.
    #[error("forbidden character in the local part")]
    LocalPart,
    /// Not a host name: empty label, address literal, or a character outside letters, digits and hyphen.
    #[error("not a host name")]
    Domain,
    /// The domain is not ASCII; turn it into its `xn--` form first (RFC 5891).
    #[error("domain is not in its ASCII form")]
    UnicodeDomain,
}

/// One mailbox as it stands between `<` and `>`.
///
/// Old carrier addresses such as `a..b.@docomo.ne.jp` break the dot rule but exist; they are kept as they are and
/// written quoted, which is the lawful spelling of the same mailbox.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct EnvelopeAddress {
    local: String,
    domain: String,
}

impl EnvelopeAddress {
    /// Reads `local@domain`; the local part may be a quoted string.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        let (local, domain) = text.rsplit_once('@').ok_or(AddressError::Incomplete)?;
        if local.is_empty() || domain.is_empty() {
            return Err(AddressError::Incomplete);
        }
        if local.len() > LOCAL_LIMIT || domain.len() > DOMAIN_LIMIT || text.len() > ADDRESS_LIMIT {
            return Err(AddressError::TooLong);
        }
        check_domain(domain)?;
        Ok(Self { local: read_local(local)?, domain: domain.to_ascii_lowercase() })
    }

    /// The domain, lower case: the key of per-domain rate limits.
    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// The local part without quotes.
    pub fn local(&self) -> &str {
        &self.local
    }

    /// Whether the local part needs SMTPUTF8.
    pub fn needs_smtp_utf8(&self) -> bool {
        !self.local.is_ascii()
    }

    /// Whether the local part breaks the dot rule of RFC 5321 and has to be quoted: a hint to ask for another one.
    pub fn is_irregular(&self) -> bool {
        !is_dot_string(&self.local)
    }
}

fn read_local(local: &str) -> Result<String, AddressError> {
    if let Some(rest) = local.strip_prefix('"') {
        return unquote(rest.strip_suffix('"').ok_or(AddressError::LocalPart)?);
    }
    let plain = local.chars().all(|c| c == '.' || is_atom_char(c));
    if plain { Ok(local.to_owned()) } else { Err(AddressError::LocalPart) }
}

/// The characters a quoted string stands for (RFC 5321 section 4.1.2, RFC 6531 section 3.3).
fn unquote(inner: &str) -> Result<String, AddressError> {
    let mut plain = String::with_capacity(inner.len());
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        let c = match c {
            '\\' => chars.next().ok_or(AddressError::LocalPart)?,
            '"' => return Err(AddressError::LocalPart),
            c => c,
        };
        if c.is_control() {
            return Err(AddressError::LocalPart);
        }
        plain.push(c);
    }
    if plain.is_empty() { Err(AddressError::LocalPart) } else { Ok(plain) }
}

fn is_atom_char(c: char) -> bool {
    if c.is_ascii() {
        c.is_ascii_alphanumeric() || ATEXT.contains(c)
    } else {
        // Letters of any script; no separators, no direction marks, no C1 controls.
        c.is_alphanumeric()
    }
}

fn is_dot_string(local: &str) -> bool {
    local.split('.').all(|atom| !atom.is_empty() && atom.chars().all(is_atom_char))
}

fn check_domain(domain: &str) -> Result<(), AddressError> {
    if !domain.is_ascii() {
        return Err(AddressError::UnicodeDomain);
    }
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    if domain.split('.').all(is_label) { Ok(()) } else { Err(AddressError::Domain) }
}

impl fmt::Display for EnvelopeAddress {
    /// `local@domain`, quoted where it must be.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.is_irregular() {
            return write!(f, "{}@{}", self.local, self.domain);
        }
        f.write_str("\"")?;
        for c in self.local.chars() {
            if matches!(c, '"' | '\\') {
                f.write_str("\\")?;
            }
            write!(f, "{c}")?;
        }
        write!(f, "\"@{}", self.domain)
    }
}

impl fmt::Debug for EnvelopeAddress {
    /// The domain only: addresses do not belong in logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "…@{}", self.domain)
    }
}

/// Which delivery notices to ask the relay for, where it offers DSN (RFC 3461 section 4.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DeliveryNotices {
    /// Say nothing: the relay's default, failures as a rule.
    #[default]
    RelayDefault,
    /// Failures and delays, headers only.
    Failures,
    /// Failures, delays and success: settles an [`Unknown`](super::Outcome::Unknown) send.
    Everything,
}

impl DeliveryNotices {
    /// The value of `NOTIFY=`.
    pub(super) fn notify(self) -> Option<&'static str> {
        match self {
            Self::RelayDefault => None,
            Self::Failures => Some("FAILURE,DELAY"),
            Self::Everything => Some("SUCCESS,FAILURE,DELAY"),
        }
    }
}

/// The sender and the one recipient of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    from: Option<EnvelopeAddress>,
    to: EnvelopeAddress,
    notices: DeliveryNotices,
}

impl Envelope {
    /// `from` is where bounces go, `None` the null sender of automatic replies (RFC 3834 section 3.3).
    pub fn new(from: Option<EnvelopeAddress>, to: EnvelopeAddress) -> Self {
        Self { from, to, notices: DeliveryNotices::default() }
    }

    /// Asks for delivery notices.
    #[must_use]
    pub fn with_notices(mut self, notices: DeliveryNotices) -> Self {
        self.notices = notices;
        self
    }

    /// Where bounces go.
    pub fn from(&self) -> Option<&EnvelopeAddress> {
        self.from.as_ref()
    }

    /// The recipient.
    pub fn to(&self) -> &EnvelopeAddress {
        &self.to
    }

    /// The notices asked for.
    pub fn notices(&self) -> DeliveryNotices {
        self.notices
    }

    /// Whether either address needs SMTPUTF8.
    pub fn needs_smtp_utf8(&self) -> bool {
        self.to.needs_smtp_utf8() || self.from.as_ref().is_some_and(EnvelopeAddress::needs_smtp_utf8)
    }
}
