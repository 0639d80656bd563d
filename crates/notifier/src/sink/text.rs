//! Taking in a message: from 354 to the final dot (RFC 5321 section 4.5.2).

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::Instant;

use super::answer::Answer;
use super::peer::{End, Peer, Piece};

/// The longest line with its CRLF (RFC 5321 section 4.5.3.1.6).
pub(super) const LINE_LIMIT: usize = 1_000;

/// What makes a message unacceptable. It is read to its end all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Defect {
    TooLarge,
    LineTooLong,
    BareLineEnd,
}

impl Defect {
    pub(super) fn answer(self) -> Answer {
        match self {
            Self::TooLarge => Answer::new(552, "5.3.4 message is too large"),
            Self::LineTooLong => Answer::new(554, "5.6.0 a line is longer than 998 octets"),
            Self::BareLineEnd => Answer::new(554, "5.6.0 a carriage return or line feed stands alone"),
        }
    }
}

/// Collects a message line by line.
#[derive(Default)]
pub(super) struct Text {
    message: Vec<u8>,
    limit: usize,
    defect: Option<Defect>,
    /// Whether the last line ended without CRLF, or has not ended: a dot after it ends nothing.
    open_line: bool,
    /// Whether the part of a long line taken last ended with the CR of its line end.
    ends_with_cr: bool,
}

impl Text {
    pub(super) fn new(limit: usize) -> Self {
        Self { limit, ..Self::default() }
    }

    /// Reads to the final dot.
    pub(super) async fn read<S: AsyncRead + AsyncWrite + Unpin>(
        mut self,
        peer: &mut Peer<S>,
        deadline: Instant,
    ) -> Result<Result<Vec<u8>, Defect>, End> {
        loop {
            let finished = match peer.piece(LINE_LIMIT, deadline).await? {
                Piece::Line(line) => self.line(line),
                Piece::Part(part) => self.part(part),
            };
            if finished {
                return Ok(match self.defect {
                    Some(defect) => Err(defect),
                    None => Ok(self.message),
                });
            }
        }
    }

    /// Takes a line; true at the final dot.
    fn line(&mut self, line: &[u8]) -> bool {
        if line == b".\r\n" && !self.open_line {
            return true;
        }
        let continues = std::mem::take(&mut self.open_line);
        if std::mem::take(&mut self.ends_with_cr) && line == b"\n" {
            return false;
        }
        let Some(text) = line.strip_suffix(b"\r\n") else {
            self.open_line = true;
            self.note(Defect::BareLineEnd);
            return false;
        };
        if text.contains(&b'\r') {
            self.note(Defect::BareLineEnd);
        }
        if line.len() > LINE_LIMIT + 1 {
            self.note(Defect::LineTooLong);
        }
        let text = if continues { text } else { text.strip_prefix(b".").unwrap_or(text) };
        self.keep(text);
        self.keep(b"\r\n");
        false
    }

    /// Takes a stretch of a line that is too long.
    fn part(&mut self, part: &[u8]) -> bool {
        self.open_line = true;
        self.ends_with_cr = part.ends_with(b"\r");
        self.note(Defect::LineTooLong);
        false
    }

    /// Keeps what is within the limit; a defective message is not kept at all.
    fn keep(&mut self, bytes: &[u8]) {
        if self.message.len() + bytes.len() > self.limit {
            self.note(Defect::TooLarge);
        }
        if self.defect.is_none() {
            self.message.extend_from_slice(bytes);
        }
    }

    fn note(&mut self, defect: Defect) {
        self.message = Vec::new();
        self.defect.get_or_insert(defect);
    }
}
