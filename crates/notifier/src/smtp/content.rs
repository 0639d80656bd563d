//! The message's bytes as they go on the wire: checked, dot-stuffed, closed by the final dot.
//!
//! Invariant: a [`Content`] holds exactly one line that is a single dot, its last (RFC 5321 section 4.5.2). Bare CR
//! and bare LF are refused before anything is sent, because a server that takes one of them for a line end would
//! read the rest as commands (RUSTSEC-2026-0561, "SMTP smuggling"). Guarded by `content_tests`.

/// The longest line without its CRLF, in octets (RFC 5321 section 4.5.3.1.6, RFC 5322 section 2.1.1).
const LINE_LIMIT: usize = 998;
/// What ends the message, after a line end.
const TERMINATOR: &[u8] = b".\r\n";

/// Why a message cannot be sent as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unsendable {
    /// There are no bytes.
    #[error("the message is empty")]
    Empty,
    /// A carriage return without line feed.
    #[error("bare carriage return in line {line}")]
    BareCr {
        /// Line number from 1.
        line: usize,
    },
    /// A line feed without carriage return.
    #[error("bare line feed in line {line}")]
    BareLf {
        /// Line number from 1.
        line: usize,
    },
    /// A NUL octet (RFC 5322 section 2.2).
    #[error("NUL in line {line}")]
    Nul {
        /// Line number from 1.
        line: usize,
    },
    /// A line of more than 998 octets.
    #[error("line {line} is longer than 998 octets")]
    LineTooLong {
        /// Line number from 1.
        line: usize,
    },
    /// More octets than the server takes (SIZE, RFC 1870).
    #[error("{octets} octets, the relay takes {limit}")]
    LargerThanOffered {
        /// The message's size.
        octets: u64,
        /// The server's limit.
        limit: u64,
    },
    /// The message holds octets above 127 and the server does not offer 8BITMIME (RFC 6152).
    #[error("8-bit content and no 8BITMIME")]
    NeedsEightBit,
    /// An address is not ASCII and the server does not offer SMTPUTF8 (RFC 6531).
    #[error("non-ASCII address and no SMTPUTF8")]
    NeedsSmtpUtf8,
}

/// A message ready for the wire.
#[derive(Clone, PartialEq, Eq)]
pub struct Content {
    wire: Vec<u8>,
    octets: u64,
    eight_bit: bool,
}

impl Content {
    /// Checks a whole message (header and body, lines ended by CRLF) and prepares it. A missing last CRLF is added;
    /// nothing else is repaired, for frozen bytes must go out as they are.
    pub fn new(message: &[u8]) -> Result<Self, Unsendable> {
        if message.is_empty() {
            return Err(Unsendable::Empty);
        }
        let mut wire = Vec::with_capacity(message.len() + message.len() / 64 + 8);
        let mut octets = 0;
        for (index, line) in message.split_inclusive(|&byte| byte == b'\n').enumerate() {
            let text = line_text(line, index + 1)?;
            if text.first() == Some(&b'.') {
                wire.push(b'.');
            }
            wire.extend_from_slice(text);
            wire.extend_from_slice(b"\r\n");
            octets += text.len() as u64 + 2;
        }
        wire.extend_from_slice(TERMINATOR);
        Ok(Self { wire, octets, eight_bit: !message.is_ascii() })
    }

    /// Size in octets as declared in `MAIL FROM … SIZE=`: line ends counted, doubled dots and the final dot not
    /// (RFC 1870 section 3).
    pub fn octets(&self) -> u64 {
        self.octets
    }

    /// Whether it needs 8BITMIME.
    pub fn is_eight_bit(&self) -> bool {
        self.eight_bit
    }

    /// All that is written after 354.
    pub(super) fn wire(&self) -> &[u8] {
        &self.wire
    }

    /// Whether the final dot cannot have left when `written` octets of [`wire`](Self::wire) were handed over.
    pub(super) fn is_before_dot(&self, written: u64) -> bool {
        written <= (self.wire.len() - TERMINATOR.len()) as u64
    }
}

impl std::fmt::Debug for Content {
    /// The size only: messages do not belong in logs.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Content({} octets)", self.octets)
    }
}

/// The line without its end, if it is a lawful line.
fn line_text(line: &[u8], number: usize) -> Result<&[u8], Unsendable> {
    let text = match line.strip_suffix(b"\r\n") {
        Some(text) => text,
        None if line.ends_with(b"\n") => return Err(Unsendable::BareLf { line: number }),
        None => line,
    };
    if text.contains(&b'\r') {
        return Err(Unsendable::BareCr { line: number });
    }
    if text.contains(&0) {
        return Err(Unsendable::Nul { line: number });
    }
    if text.len() > LINE_LIMIT {
        return Err(Unsendable::LineTooLong { line: number });
    }
    Ok(text)
}
