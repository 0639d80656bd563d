//! What the server said it can do in its answer to EHLO (RFC 5321 section 4.1.1.1).

/// An extension the driver makes use of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extension {
    /// Several commands in one write (RFC 2920).
    Pipelining,
    /// Size declared and limited (RFC 1870).
    Size,
    /// Octets above 127 in the message (RFC 6152).
    EightBitMime,
    /// Addresses beyond ASCII (RFC 6531).
    SmtpUtf8,
    /// Delivery notices asked for per message (RFC 3461).
    Dsn,
    /// Enhanced codes in replies (RFC 2034).
    EnhancedStatusCodes,
    /// TLS on the same port (RFC 3207).
    StartTls,
    /// Authentication (RFC 4954).
    Auth,
}

impl Extension {
    fn from_keyword(keyword: &str) -> Option<Self> {
        match keyword.to_ascii_uppercase().as_str() {
            "PIPELINING" => Some(Self::Pipelining),
            "SIZE" => Some(Self::Size),
            "8BITMIME" => Some(Self::EightBitMime),
            "SMTPUTF8" => Some(Self::SmtpUtf8),
            "DSN" => Some(Self::Dsn),
            "ENHANCEDSTATUSCODES" => Some(Self::EnhancedStatusCodes),
            "STARTTLS" => Some(Self::StartTls),
            "AUTH" => Some(Self::Auth),
            _ => None,
        }
    }
}

/// The server's offers, read from the last EHLO only: what was offered before TLS does not count (RFC 3207).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Capabilities {
    offers: Vec<Extension>,
    size_limit: Option<u64>,
}

impl Capabilities {
    /// Reads the lines of an EHLO reply, codes removed; the first line is the server's name.
    pub(super) fn from_hello<'a>(lines: impl IntoIterator<Item = &'a str>) -> Self {
        let mut found = Self::default();
        for line in lines.into_iter().skip(1) {
            let mut words = line.split_whitespace();
            let Some(extension) = words.next().and_then(Extension::from_keyword) else { continue };
            found.offers.push(extension);
            if extension == Extension::Size {
                // "SIZE 0" and "SIZE" alone name no limit (RFC 1870 section 4).
                found.size_limit =
                    words.next().and_then(|limit| limit.parse().ok()).filter(|&limit| limit > 0);
            }
        }
        found
    }

    /// Whether the server offers it.
    pub fn offers(&self, extension: Extension) -> bool {
        self.offers.contains(&extension)
    }

    /// The largest message in octets, if the server names a limit.
    pub fn size_limit(&self) -> Option<u64> {
        self.size_limit
    }
}
