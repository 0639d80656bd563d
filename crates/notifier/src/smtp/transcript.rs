//! Who said what in one attempt. The message itself is left out and secrets never come in.

use std::fmt;

use super::reply::Reply;

/// More lines than any honest conversation about one message has.
const LINE_LIMIT: usize = 64;
/// Characters kept of one line.
const TEXT_LIMIT: usize = 500;

/// Who spoke.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Yui.
    Client,
    /// The relay.
    Server,
    /// A remark of the driver: what it did, or what ended the conversation.
    Driver,
}

/// One line of a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TranscriptLine {
    /// Who spoke.
    pub side: Side,
    /// The words, at most 500 characters, AUTH arguments masked.
    pub text: String,
}

/// A conversation, at most 64 lines long; what is beyond is dropped.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Transcript {
    lines: Vec<TranscriptLine>,
}

impl Transcript {
    /// The lines in order.
    pub fn lines(&self) -> &[TranscriptLine] {
        &self.lines
    }

    /// Records a command; the caller masks secrets.
    pub(super) fn client(&mut self, command: &str) {
        self.push(Side::Client, command.trim_end());
    }

    /// Records an answer.
    pub(super) fn server(&mut self, reply: &Reply) {
        self.push(Side::Server, &reply.to_string());
    }

    /// Records a remark.
    pub(super) fn note(&mut self, remark: &str) {
        self.push(Side::Driver, remark);
    }

    /// Puts `later` behind this one.
    pub(super) fn append(&mut self, later: Self) {
        let room = LINE_LIMIT.saturating_sub(self.lines.len());
        self.lines.extend(later.lines.into_iter().take(room));
    }

    fn push(&mut self, side: Side, text: &str) {
        if self.lines.len() < LINE_LIMIT {
            self.lines.push(TranscriptLine { side, text: text.chars().take(TEXT_LIMIT).collect() });
        }
    }
}

impl fmt::Display for Transcript {
    /// `C:`, `S:` and `--` in front of each line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in &self.lines {
            let mark = match line.side {
                Side::Client => "C:",
                Side::Server => "S:",
                Side::Driver => "--",
            };
            writeln!(f, "{mark} {}", line.text)?;
        }
        Ok(())
    }
}
